"""A group: each member is an ephemeral child of /group, and an observer of the children knows who is there."""
import json
import sys
import threading

import grpc
from pathkeeper.v1 import observe_service_pb2 as observe_api
from pathkeeper.v1 import observe_service_pb2_grpc as observe_services
from pathkeeper.v1 import session_service_pb2 as session_api
from pathkeeper.v1 import session_service_pb2_grpc as session_services
from pathkeeper.v1 import store_service_pb2 as api
from pathkeeper.v1 import store_service_pb2_grpc as services
from pathkeeper.v1.types_pb2 import VALUE_FORMAT_JSON, ZNODE_KIND_EPHEMERAL, Payload


class Member:
    """A member of the group as long as its session lives: until leave(), or 6 s after its process is gone."""

    def __init__(self, channel, name, about):
        self.sessions = session_services.SessionServiceStub(channel)
        opened = self.sessions.CreateSession(session_api.CreateSessionRequest(timeout_ms=6000, client_identity=name), timeout=10)
        self.session, self.done = opened.session, threading.Event()
        threading.Thread(target=self.keep_alive, args=(opened.timeout_ms / 1000,), daemon=True).start()
        request = api.CreateRequest(path=f"/group/{name}", data=Payload(json=json.dumps(about)), kind=ZNODE_KIND_EPHEMERAL,
                                    session=self.session, create_parents=True, take_over_identity=True)
        services.StoreServiceStub(channel).Create(request, timeout=10)

    def keep_alive(self, timeout):
        while not self.done.wait(timeout / 3):
            self.sessions.RenewSession(session_api.RenewSessionRequest(session=self.session), timeout=timeout)

    def leave(self):
        self.done.set()
        self.sessions.CloseSession(session_api.CloseSessionRequest(session=self.session), timeout=10)


address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7420"
with grpc.insecure_channel(address) as channel:
    target = observe_api.ObserveTarget(path="/group", scope=observe_api.OBSERVE_SCOPE_CHILDREN)
    request = observe_api.ObserveRequest(targets=[target], value_format=VALUE_FORMAT_JSON)
    frames = observe_services.ObserveServiceStub(channel).Observe(request, timeout=60)
    next(frames)  # the observation stands: nobody comes or goes unseen from here on

    def show():
        for event in next(frame for frame in frames if frame.HasField("events")).events.events:
            if event.type == observe_api.EVENT_TYPE_CREATED:
                print("came", event.path, json.loads(event.data.json), event.stat.owner_identity)
            else:
                print("went", event.path, observe_api.EventCause.Name(event.cause))

    first = Member(channel, "node-1", {"port": 9001})
    show()
    second = Member(channel, "node-2", {"port": 9002})
    show()
    first.leave()
    show()

    children = services.StoreServiceStub(channel).ListChildren(api.ListChildrenRequest(path="/group"), timeout=10).children
    print("there now:", [child.name for child in children])
    second.leave()
    frames.cancel()
