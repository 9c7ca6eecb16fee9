// Loads the API from its .proto files (run from the repository's root) and connects: what the programs below import.
import { promisify } from 'node:util';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const files = ['store', 'observe', 'session', 'lock', 'election'].map((name) => `pathkeeper/v1/${name}_service.proto`);
const definition = loader.loadSync([...files, 'google/rpc/error_details.proto'], {
  includeDirs: ['proto/src/main/proto', 'proto/target/third_party'],
  longs: String, enums: String, defaults: true, oneofs: true,
});
const { pathkeeper: { v1 }, google: { rpc } } = grpc.loadPackageDefinition(definition);

export function connect(address = process.argv[2] ?? '127.0.0.1:7420') {
  const client = (Service) => new Service(address, grpc.credentials.createInsecure());
  const [store, observer, sessions, locks, elections] =
    [v1.StoreService, v1.ObserveService, v1.SessionService, v1.LockService, v1.ElectionService].map(client);
  const unary = (service, name, request) => promisify(service[name].bind(service))(request, { deadline: Date.now() + 10000 });
  const call = (name, request) => unary(store, name, request);
  const close = () => [store, observer, sessions, locks, elections].forEach((service) => service.close());
  return { call, unary, observer, sessions, locks, elections, close };
}

// Opens a session and renews it until it is closed.
export async function openSession({ unary, sessions }, clientIdentity) {
  const { session, timeoutMs } = await unary(sessions, 'CreateSession', { timeoutMs: 6000, clientIdentity });
  const renewal = setInterval(() => unary(sessions, 'RenewSession', { session }), timeoutMs / 3);
  const close = () => { clearInterval(renewal); return unary(sessions, 'CloseSession', { session }); };
  return { key: session, close };
}

// The ErrorInfo of an error: { reason, domain, metadata }.
export function errorInfo(error) {
  const status = rpc.Status.deserialize(error.metadata.get('grpc-status-details-bin')[0]);
  const detail = status.details.find((any) => any.type_url.endsWith('/google.rpc.ErrorInfo'));
  return rpc.ErrorInfo.deserialize(detail.value);
}
