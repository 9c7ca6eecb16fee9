"""Stores a map under /config, reads it and changes one field of it."""
import json
import sys

import grpc
from pathkeeper.v1 import store_service_pb2 as api
from pathkeeper.v1 import store_service_pb2_grpc as services
from pathkeeper.v1.types_pb2 import VALUE_FORMAT_JSON, FieldOperation, Payload

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7420"
with grpc.insecure_channel(address) as channel:
    store = services.StoreServiceStub(channel)

    def read():
        got = store.Get(api.GetRequest(path="/config", value_format=VALUE_FORMAT_JSON), timeout=10)
        return json.loads(got.data.json), got.stat

    # store it: the server parses the JSON text and keeps a typed map
    config = {"host": "localhost", "port": 8080}
    store.Set(api.SetRequest(path="/config", data=Payload(json=json.dumps(config)), allow_missing=True), timeout=10)

    # read it
    config, stat = read()
    print("host", config["host"], "port", config["port"])

    # change one field on the server, unless somebody else changed the value since it was read
    port = FieldOperation(type=FieldOperation.TYPE_SET, pointer="/port", value=Payload(json="9090"))
    store.Patch(api.PatchRequest(path="/config", operations=[port], expected_version=stat.version), timeout=10)
    print(read()[0])
