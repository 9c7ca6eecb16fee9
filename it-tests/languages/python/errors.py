"""Tells errors apart by their reason, never by their text."""
import sys

import grpc
from google.rpc import error_details_pb2, status_pb2
from pathkeeper.v1 import store_service_pb2 as api
from pathkeeper.v1 import store_service_pb2_grpc as services
from pathkeeper.v1.types_pb2 import Payload


def error_info(error):
    status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    for detail in status.details:
        if detail.Unpack(info):
            return info
    return info


address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7420"
with grpc.insecure_channel(address) as channel:
    store = services.StoreServiceStub(channel)
    data = Payload(json='{"host": "localhost", "port": 8080}')
    store.Set(api.SetRequest(path="/config", data=data, allow_missing=True), timeout=10)

    for call, request in (
        (store.Get, api.GetRequest(path="/missing")),
        (store.Create, api.CreateRequest(path="/config", data=data)),
        (store.Set, api.SetRequest(path="/config", data=data, expected_version=9999)),
        (store.Get, api.GetRequest(path="no-slash")),
    ):
        try:
            call(request, timeout=10)
        except grpc.RpcError as error:
            info = error_info(error)
            print(error.code().name, info.domain, info.reason, info.metadata["path"])
