"""Stands for election, proclaims as the leader, observes what others see of it, and resigns."""
import json
import sys
import threading

import grpc
from google.rpc import error_details_pb2, status_pb2
from pathkeeper.v1 import election_service_pb2 as election_api
from pathkeeper.v1 import election_service_pb2_grpc as election_services
from pathkeeper.v1 import session_service_pb2 as session_api
from pathkeeper.v1 import session_service_pb2_grpc as session_services
from pathkeeper.v1.types_pb2 import VALUE_FORMAT_JSON, Payload

ELECTION = "/elections/scheduler"


def reason(error):
    status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    return next(info.reason for detail in status.details if detail.Unpack(info))


address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7420"
with grpc.insecure_channel(address) as channel:
    sessions = session_services.SessionServiceStub(channel)
    elections = election_services.ElectionServiceStub(channel)

    opened = sessions.CreateSession(session_api.CreateSessionRequest(timeout_ms=6000, client_identity="scheduler"), timeout=10)
    session, done = opened.session, threading.Event()

    def keep_alive():
        while not done.wait(opened.timeout_ms / 3000):
            sessions.RenewSession(session_api.RenewSessionRequest(session=session), timeout=opened.timeout_ms / 1000)

    threading.Thread(target=keep_alive, daemon=True).start()

    # the stream says when the candidate is elected, and ends when it leads no more
    me = {"path": ELECTION, "session": session, "candidate_id": "node-1"}
    campaign = elections.Campaign(election_api.CampaignRequest(data=Payload(json='"starting"'), **me))
    term = next(event.elected.term for event in campaign if event.HasField("elected"))
    print("elected")

    # what everybody else sees
    seen = elections.Observe(election_api.ElectionServiceObserveRequest(path=ELECTION, value_format=VALUE_FORMAT_JSON), timeout=60)

    def show():
        event = next(seen)
        if event.HasField("leader"):
            print("leader", event.leader.candidate_id, json.loads(event.leader.data.json), event.leader.term == term)
        else:
            print("no leader")

    show()
    elections.Proclaim(election_api.ProclaimRequest(term=term, data=Payload(json='"serving on port 9000"'), **me), timeout=10)
    show()
    elections.Resign(election_api.ResignRequest(term=term, **me), timeout=10)
    show()
    try:
        next(campaign)
    except grpc.RpcError as error:
        print(reason(error))

    seen.cancel()
    done.set()
    sessions.CloseSession(session_api.CloseSessionRequest(session=session), timeout=10)
