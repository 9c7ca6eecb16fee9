"""Takes a lock, writes under its protection and hands it on: from then on the old token is refused."""
import sys
import threading

import grpc
from google.rpc import error_details_pb2, status_pb2
from pathkeeper.v1 import lock_service_pb2 as lock_api
from pathkeeper.v1 import lock_service_pb2_grpc as lock_services
from pathkeeper.v1 import session_service_pb2 as session_api
from pathkeeper.v1 import session_service_pb2_grpc as session_services
from pathkeeper.v1 import store_service_pb2 as api
from pathkeeper.v1 import store_service_pb2_grpc as services
from pathkeeper.v1.types_pb2 import Guards, LockGuard, Payload

LOCK = "/locks/report"


def reason(error):
    status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    return next(info.reason for detail in status.details if detail.Unpack(info))


address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7420"
with grpc.insecure_channel(address) as channel:
    store = services.StoreServiceStub(channel)
    sessions = session_services.SessionServiceStub(channel)
    locks = lock_services.LockServiceStub(channel)

    # a session holds the lock; it lives as long as it is renewed
    opened = sessions.CreateSession(session_api.CreateSessionRequest(timeout_ms=6000, client_identity="reporter"), timeout=10)
    session, done = opened.session, threading.Event()

    def keep_alive():
        while not done.wait(opened.timeout_ms / 3000):
            sessions.RenewSession(session_api.RenewSessionRequest(session=session), timeout=opened.timeout_ms / 1000)

    threading.Thread(target=keep_alive, daemon=True).start()

    def acquire(holder):  # a stream: places in the queue, then the grant
        request = lock_api.LockRequest(path=LOCK, session=session, holder_id=holder, mode=lock_api.LOCK_MODE_EXCLUSIVE)
        return locks.AcquireLock(lock_api.AcquireLockRequest(lock=request), timeout=60)

    def granted(events):
        return next(event.granted.token for event in events if event.HasField("granted"))

    def release(holder, token):
        locks.ReleaseLock(lock_api.ReleaseLockRequest(path=LOCK, session=session, holder_id=holder, token=token), timeout=10)

    def write(text, token):  # is done only if that grant still holds when the write is applied
        guards = Guards(require_lock=LockGuard(path=LOCK, token=token))
        request = api.SetRequest(path="/report", data=Payload(json=f'"{text}"'), allow_missing=True, guards=guards)
        try:
            store.Set(request, timeout=10)
            print(text, "written")
        except grpc.RpcError as error:
            print(text, "refused:", reason(error))

    first = granted(acquire("first"))
    write("first", first)

    waiting = acquire("second")
    print("second waits, in front of it:", next(waiting).queued.position)
    release("first", first)
    second = granted(waiting)
    print("second holds it, its token is larger:", second > first)
    write("too late", first)
    write("second", second)

    release("second", second)
    done.set()
    sessions.CloseSession(session_api.CloseSessionRequest(session=session), timeout=10)
