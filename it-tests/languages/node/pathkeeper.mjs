// Loads the API from its .proto files (run from the repository's root) and connects: what the programs below import.
import { promisify } from 'node:util';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const files = ['pathkeeper/v1/store_service.proto', 'pathkeeper/v1/observe_service.proto', 'google/rpc/error_details.proto'];
const definition = loader.loadSync(files, {
  includeDirs: ['proto/src/main/proto', 'proto/target/third_party'],
  longs: String, enums: String, defaults: true, oneofs: true,
});
const { pathkeeper: { v1 }, google: { rpc } } = grpc.loadPackageDefinition(definition);

export function connect(address = process.argv[2] ?? '127.0.0.1:7420') {
  const store = new v1.StoreService(address, grpc.credentials.createInsecure());
  const observer = new v1.ObserveService(address, grpc.credentials.createInsecure());
  const call = (name, request) => promisify(store[name].bind(store))(request, { deadline: Date.now() + 10000 });
  return { call, observer, close: () => { store.close(); observer.close(); } };
}

// The ErrorInfo of an error: { reason, domain, metadata }.
export function errorInfo(error) {
  const status = rpc.Status.deserialize(error.metadata.get('grpc-status-details-bin')[0]);
  const detail = status.details.find((any) => any.type_url.endsWith('/google.rpc.ErrorInfo'));
  return rpc.ErrorInfo.deserialize(detail.value);
}
