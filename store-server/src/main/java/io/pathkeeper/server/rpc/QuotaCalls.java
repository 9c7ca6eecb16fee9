package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.Condition;
import io.pathkeeper.server.state.Quota;
import io.pathkeeper.server.state.Quotas;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.DeleteQuotaRequest;
import io.pathkeeper.v1.DeleteQuotaResponse;
import io.pathkeeper.v1.GetQuotaRequest;
import io.pathkeeper.v1.GetQuotaResponse;
import io.pathkeeper.v1.ListQuotasRequest;
import io.pathkeeper.v1.ListQuotasResponse;
import io.pathkeeper.v1.QuotaUsage;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.SetQuotaRequest;
import io.pathkeeper.v1.SetQuotaResponse;
import java.util.List;

/** Calls of ClusterService about quotas. What a quota may be is decided where it is applied; here it is given its form. */
final class QuotaCalls {
    private final CoordinationContext context;

    QuotaCalls(CoordinationContext context) {
        this.context = context;
    }

    void setQuota(SetQuotaRequest r, StreamObserver<SetQuotaResponse> observer) {
        UnaryCall<SetQuotaResponse> call = context.call(observer);
        call.read(() -> {
            Quota quota = quota(r.getQuota());
            ZnodePath record = record("quota.name", quota.name());
            byte[] value = quota.encode();
            Command set = new Command.Set(record, value, "", Command.ANY, Command.ANY, false, false, false);
            Command create = new Command.Create(
                    record, ZnodeKind.PERSISTENT, value, "", false, ZnodeKind.PERSISTENT, 0, false, null, false);
            write(
                    call,
                    record,
                    set,
                    List.of(create),
                    done -> SetQuotaResponse.newBuilder()
                            .setHeader(header(done))
                            .setCreated(!done.succeeded())
                            .build());
        });
    }

    void deleteQuota(DeleteQuotaRequest r, StreamObserver<DeleteQuotaResponse> observer) {
        UnaryCall<DeleteQuotaResponse> call = context.call(observer);
        call.read(() -> {
            ZnodePath record = record("name", r.getName());
            Command delete = new Command.Delete(record, false, Command.ANY, Command.ANY, false);
            write(call, record, delete, List.of(), done -> {
                if (!done.succeeded()) {
                    throw missing(r.getName());
                }
                return DeleteQuotaResponse.newBuilder().setHeader(header(done)).build();
            });
        });
    }

    private interface Answer<R> {
        R of(CommandResult.Transacted done);
    }

    private <R extends com.google.protobuf.Message> void write(
            UnaryCall<R> call, ZnodePath record, Command there, List<Command> otherwise, Answer<R> answer) {
        Command.Transact change =
                new Command.Transact(List.of(new Condition.Exists(record, true)), List.of(there), otherwise);
        context.write(
                call,
                new Command.Internal(change),
                null,
                result -> answer.of(ResultWriter.expect(result, CommandResult.Transacted.class)));
    }

    void getQuota(GetQuotaRequest r, StreamObserver<GetQuotaResponse> observer) {
        UnaryCall<GetQuotaResponse> call = context.call(observer);
        call.read(() -> {
            AuthMessages.name("name", r.getName());
            context.read(call, ReadRequest.LINEARIZABLE, view -> {
                Quota quota = Quotas.of(view).find(r.getName());
                if (quota == null) {
                    throw missing(r.getName());
                }
                return GetQuotaResponse.newBuilder()
                        .setHeader(context.header())
                        .setQuota(usage(quota, view))
                        .build();
            });
        });
    }

    void listQuotas(ListQuotasRequest r, StreamObserver<ListQuotasResponse> observer) {
        UnaryCall<ListQuotasResponse> call = context.call(observer);
        call.read(() -> {
            int size = FieldReader.pageSize(r.getPageSize());
            context.read(call, ReadRequest.LINEARIZABLE, view -> {
                ListQuotasResponse.Builder out = ListQuotasResponse.newBuilder().setHeader(context.header());
                String last = "";
                for (Quota quota : Quotas.of(view).after(r.getPageToken())) {
                    if (out.getQuotasCount() == size) {
                        out.setNextPageToken(last);
                        break;
                    }
                    out.addQuotas(usage(quota, view));
                    last = quota.name();
                }
                return out.build();
            });
        });
    }

    private static Quota quota(io.pathkeeper.v1.Quota given) {
        String name = AuthMessages.name("quota.name", given.getName());
        ZnodePath path = FieldReader.path(given.getPath());
        if (path.isReserved()) {
            throw RejectedException.argument("quota.path", "is " + path + ", which is the server's own");
        }
        if (!given.hasMaxZnodes() && !given.hasMaxBytes() && !given.hasMaxChildren()) {
            throw RejectedException.argument(
                    "quota", "has no limit: give max_znodes, max_bytes or max_children, or delete the quota");
        }
        return new Quota(
                name,
                path,
                limit("quota.max_znodes", given.hasMaxZnodes(), given.getMaxZnodes()),
                limit("quota.max_bytes", given.hasMaxBytes(), given.getMaxBytes()),
                limit("quota.max_children", given.hasMaxChildren(), given.getMaxChildren()));
    }

    private static long limit(String field, boolean given, long limit) {
        if (given && limit < 0) {
            throw RejectedException.argument(field, "is " + limit + ": a limit is 0 at least; leave it out for none");
        }
        return given ? limit : Quota.NONE;
    }

    private static ZnodePath record(String field, String name) {
        return Quotas.TOP.child(AuthMessages.name(field, name));
    }

    private static RejectedException missing(String name) {
        return new RejectedException(
                Rejection.of(RejectReason.QUOTA_NOT_FOUND, "there is no quota of the name " + name, "name", name));
    }

    private static QuotaUsage usage(Quota quota, TreeView view) {
        io.pathkeeper.v1.Quota.Builder out = io.pathkeeper.v1.Quota.newBuilder()
                .setName(quota.name())
                .setPath(quota.path().toString());
        if (quota.znodes() != Quota.NONE) {
            out.setMaxZnodes(quota.znodes());
        }
        if (quota.bytes() != Quota.NONE) {
            out.setMaxBytes(quota.bytes());
        }
        if (quota.children() != Quota.NONE) {
            out.setMaxChildren(quota.children());
        }
        Znode top = view.find(quota.path());
        return QuotaUsage.newBuilder()
                .setQuota(out)
                .setZnodes(Quota.used(Quota.Kind.ZNODES, top))
                .setBytes(Quota.used(Quota.Kind.BYTES, top))
                .setChildren(Quota.used(Quota.Kind.CHILDREN, top))
                .build();
    }

    private ResponseHeader header(CommandResult.Transacted done) {
        return context.calls().headers().header(done.revision());
    }
}
