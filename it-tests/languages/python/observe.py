"""Observes /config, changes a field and gets the new value in the event."""
import json
import sys

import grpc
from pathkeeper.v1 import observe_service_pb2 as observe_api
from pathkeeper.v1 import observe_service_pb2_grpc as observe_services
from pathkeeper.v1 import store_service_pb2 as api
from pathkeeper.v1 import store_service_pb2_grpc as services
from pathkeeper.v1.types_pb2 import VALUE_FORMAT_JSON, FieldOperation, Payload

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7420"
with grpc.insecure_channel(address) as channel:
    store = services.StoreServiceStub(channel)
    config = Payload(json='{"host": "localhost", "port": 8080}')
    store.Set(api.SetRequest(path="/config", data=config, allow_missing=True), timeout=10)

    target = observe_api.ObserveTarget(path="/config", scope=observe_api.OBSERVE_SCOPE_NODE)
    request = observe_api.ObserveRequest(targets=[target], value_format=VALUE_FORMAT_JSON)
    frames = observe_services.ObserveServiceStub(channel).Observe(request, timeout=30)
    for frame in frames:
        if frame.HasField("created"):  # the observation stands: no change is missed from here on
            port = FieldOperation(type=FieldOperation.TYPE_SET, pointer="/port", value=Payload(json="9090"))
            store.Patch(api.PatchRequest(path="/config", operations=[port]), timeout=10)
        elif frame.HasField("events"):
            for event in frame.events.events:
                print(observe_api.EventType.Name(event.type), event.path, json.loads(event.data.json))
            break
    frames.cancel()
