"""Stores strings, lists, maps, bytes and 64-bit integers in their typed form and reads them back."""
import sys

import grpc
from pathkeeper.v1 import store_service_pb2 as api
from pathkeeper.v1 import store_service_pb2_grpc as services
from pathkeeper.v1.types_pb2 import NULL_VALUE_UNSPECIFIED, ListValue, MapEntry, MapValue, Payload, Value


def to_value(thing):
    match thing:
        case None: return Value(null_value=NULL_VALUE_UNSPECIFIED)
        case bool(): return Value(bool_value=thing)
        case int(): return Value(int_value=thing)
        case float(): return Value(double_value=thing)
        case str(): return Value(string_value=thing)
        case bytes(): return Value(bytes_value=thing)
        case list(): return Value(list_value=ListValue(items=map(to_value, thing)))
        case dict():
            entries = [MapEntry(key=key, value=to_value(item)) for key, item in thing.items()]
            return Value(map_value=MapValue(entries=entries))
    raise TypeError(f"no value for {type(thing)}")


def from_value(value):
    match value.WhichOneof("kind"):
        case "null_value": return None
        case "list_value": return [from_value(item) for item in value.list_value.items]
        case "map_value": return {entry.key: from_value(entry.value) for entry in value.map_value.entries}
        case kind: return getattr(value, kind)


address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7420"
with grpc.insecure_channel(address) as channel:
    store = services.StoreServiceStub(channel)
    for thing in (
        "grüß dich",
        ["one", 2, 3.5, None, True],
        {"name": "api", "tags": ["a", "b"], "limits": {"cpu": 2}},
        b"\x00\xff raw bytes",
        9007199254740993,  # 2^53 + 1: a double cannot hold it
        -9223372036854775808,
    ):
        store.Set(api.SetRequest(path="/sample", data=Payload(value=to_value(thing)), allow_missing=True), timeout=10)
        back = from_value(store.Get(api.GetRequest(path="/sample"), timeout=10).data.value)
        print(back, "equal" if back == thing and type(back) is type(thing) else f"DIFFERENT from {thing!r}")
