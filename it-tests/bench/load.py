"""Loads a store as a Python program without a library of ours does: plain unary calls, one for each operation, a connection to each server.

it-tests/bin/bench --through python starts it and steers it by lines of JSON, read from standard input and answered on standard output:

{"store": "pathkeeper", "addresses": ["127.0.0.1:7420"], "znodes": 1000, "value": "00ff", "token": ""}
    once; {"event": "ready"} says that it is connected
{"workload": "set", "outstanding": 16, "server": 0, "settle_seconds": 1.0, "measured_seconds": 5.0}
    {"event": "begun"} and {"event": "ended"} at the ends of what is measured, then {"event": "result", ...} with latencies and failures;
    a single outstanding call goes to that server

It ends with its input. A single call blocks, which takes less processor time than grpc.aio; many are made by grpc.aio, which takes the least when there are many.
"""

import asyncio
import collections
import json
import random
import sys
import time

import grpc

CONNECT_SECONDS = 60
DRAIN_SECONDS = 60
CHILDREN_PER_PARENT = 1000
OPTIONS = [("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1)]

# method of a stub, what makes its request for a path, and what takes the value out of its answer, None where there is none
Call = collections.namedtuple("Call", "method request read")


class WrongValue(Exception):
    """A read was answered with something that nobody wrote."""


def pathkeeper(channel, value):
    """Calls by workload."""
    from pathkeeper.v1 import store_service_pb2 as api
    from pathkeeper.v1 import types_pb2 as types
    from pathkeeper.v1.store_service_pb2_grpc import StoreServiceStub

    stub = StoreServiceStub(channel)
    data = types.Payload(raw=value)

    def get(consistency):
        options = types.ReadOptions(consistency=consistency)
        return Call(stub.Get, lambda path: api.GetRequest(path=path, options=options), lambda answer: answer.data.value.bytes_value)

    return {
        "set": Call(stub.Set, lambda path: api.SetRequest(path=path, data=data), None),
        "get-lin": get(types.CONSISTENCY_LINEARIZABLE),
        "get-local": get(types.CONSISTENCY_LOCAL),
    }


def etcd(channel, value):
    """Calls by workload."""
    import etcd_pb2 as api
    from etcd_pb2_grpc import KVStub

    stub = KVStub(channel)

    def get(local):
        return Call(
            stub.Range,
            lambda path: api.RangeRequest(key=path.encode(), serializable=local),
            lambda answer: answer.kvs[0].value if answer.kvs else b"",
        )

    return {
        "set": Call(stub.Put, lambda path: api.PutRequest(key=path.encode(), value=value), None),
        "get-lin": get(False),
        "get-local": get(True),
    }


STORES = {"pathkeeper": pathkeeper, "etcd": etcd}


class Meter:
    """What one phase showed: answered calls by whole microseconds, and failures."""

    def __init__(self):
        self.latencies = {}
        self.failed = 0
        self.first_error = None

    def answered(self, started):
        micros = (time.perf_counter_ns() - started) // 1000
        self.latencies[micros] = self.latencies.get(micros, 0) + 1

    def fail(self, error):
        self.failed += 1
        if self.first_error is None:
            self.first_error = f"{error.code().name}: {error.details()}" if isinstance(error, grpc.RpcError) else str(error)

    def tell(self, seconds, unanswered):
        tell(
            event="result",
            seconds=seconds,
            micros=list(self.latencies.keys()),
            counts=list(self.latencies.values()),
            failed=self.failed,
            first_error=self.first_error,
            unanswered=unanswered,
        )


class Load:
    """Closed loops: the next call is made when the one before has ended. A call counts in the phase in which it ends."""

    def __init__(self, start):
        self.znodes = start["znodes"]
        self.value = bytes.fromhex(start["value"])
        self.metadata = [("authorization", "Bearer " + start["token"])] if start["token"] else None
        self.meter = Meter()
        self.stopping = False

    def path(self):
        number = random.randrange(self.znodes)
        return f"/bench/p{number // CHILDREN_PER_PARENT}/n{number}"

    def ended(self, call, started, answer):
        if call.read:
            read = call.read(answer)
            if read != self.value:
                raise WrongValue(f"read {len(read)} bytes that are not the {len(self.value)} that were written")
        self.meter.answered(started)

    def one_after_the_other(self, call, seconds):
        self.meter = Meter()
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds:
            started = time.perf_counter_ns()
            try:
                self.ended(call, started, call.method(call.request(self.path()), metadata=self.metadata))
            except (grpc.RpcError, WrongValue) as error:
                self.meter.fail(error)
        return time.perf_counter() - begun

    def run_one(self, call, settle, measured):
        self.one_after_the_other(call, settle)
        tell(event="begun")
        seconds = self.one_after_the_other(call, measured)
        tell(event="ended")
        self.meter.tell(seconds, unanswered=0)

    async def place(self, call):
        while not self.stopping:
            started = time.perf_counter_ns()
            try:
                self.ended(call, started, await call.method(call.request(self.path()), metadata=self.metadata))
            except (grpc.RpcError, WrongValue) as error:
                self.meter.fail(error)

    async def run_many(self, calls, outstanding, settle, measured):
        self.stopping = False
        places = [asyncio.create_task(self.place(calls[i % len(calls)])) for i in range(outstanding)]
        await asyncio.sleep(settle)
        self.meter = meter = Meter()
        begun = time.perf_counter()
        tell(event="begun")
        await asyncio.sleep(measured)
        seconds = time.perf_counter() - begun
        self.meter = Meter()
        tell(event="ended")
        self.stopping = True
        done, unanswered = await asyncio.wait(places, timeout=DRAIN_SECONDS)
        for place in done:
            place.result()  # what is no failure of a call ends the program
        meter.tell(seconds, len(unanswered))


def tell(**said):
    print(json.dumps(said), flush=True)


async def connect(addresses):
    channels = [grpc.aio.insecure_channel(address, options=OPTIONS) for address in addresses]
    await asyncio.wait_for(asyncio.gather(*(channel.channel_ready() for channel in channels)), CONNECT_SECONDS)
    return channels


def connect_blocking(addresses):
    channels = [grpc.insecure_channel(address, options=OPTIONS) for address in addresses]
    for channel in channels:
        grpc.channel_ready_future(channel).result(timeout=CONNECT_SECONDS)
    return channels


def main():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    start = json.loads(sys.stdin.readline())
    load = Load(start)
    store = STORES[start["store"]]
    blocking = [store(channel, load.value) for channel in connect_blocking(start["addresses"])]
    asynchronous = [store(channel, load.value) for channel in loop.run_until_complete(connect(start["addresses"]))]
    tell(event="ready")
    for line in sys.stdin:
        run = json.loads(line)
        workload, outstanding = run["workload"], run["outstanding"]
        phases = run["settle_seconds"], run["measured_seconds"]
        if outstanding == 1:
            load.run_one(blocking[run["server"]][workload], *phases)
        else:
            loop.run_until_complete(load.run_many([calls[workload] for calls in asynchronous], outstanding, *phases))


main()
