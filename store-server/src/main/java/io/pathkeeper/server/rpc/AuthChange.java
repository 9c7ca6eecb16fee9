package io.pathkeeper.server.rpc;

import com.google.protobuf.Message;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.AuthRecords;
import io.pathkeeper.server.auth.AuthState;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.auth.Tokens;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.Condition;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One change of a record of users and roles: reads the newest state, decides, and writes under the condition that no other change came
 * between, which the version of {@link AuthPaths#TOP} tells. When one came, it decides again, a few times at most.
 *
 * @param <R> the response
 */
final class AuthChange<R extends Message> {
    private static final int MOST_TRIES = 8;

    private final CoordinationContext context;
    private final Gatekeeper keeper;
    private final UnaryCall<R> call;
    private final ZnodePath path;
    private final Function<AuthState, byte @Nullable []> decision;
    private final Function<Long, R> answer;
    private int tries;

    /**
     * Makes a change.
     *
     * @param path the record
     * @param decision its new value by the state, null to delete it; may throw {@link RejectedException}
     * @param answer makes the response from the revision of the change
     */
    AuthChange(
            CoordinationContext context,
            Gatekeeper keeper,
            UnaryCall<R> call,
            ZnodePath path,
            Function<AuthState, byte @Nullable []> decision,
            Function<Long, R> answer) {
        this.context = context;
        this.keeper = keeper;
        this.call = call;
        this.path = path;
        this.decision = decision;
        this.answer = answer;
    }

    /** Begins. */
    void run() {
        context.calls().store().read(ReadRequest.LINEARIZABLE, context.deadline(), new ViewListener() {
            @Override
            public void view(TreeView view) {
                context.calls().workers().execute(AuthChange.this::decide);
            }

            @Override
            public void failed(StoreFailure failure) {
                call.fail(failure);
            }
        });
    }

    private void decide() {
        try {
            AuthState state = keeper.state();
            byte[] value = decision.apply(state);
            AuthState changed = state.with(path, value);
            if (state.hasAdministrator() && !changed.hasAdministrator()) {
                throw new RejectedException(Rejection.of(
                        RejectReason.LAST_ADMINISTRATOR,
                        "behind this change nobody could administer users and roles: give another user or principal a role"
                                + " with ADMIN on " + AuthPaths.TOP + " first",
                        "name",
                        new String(path.name(), java.nio.charset.StandardCharsets.UTF_8)));
            }
            propose(state, value);
        } catch (RuntimeException e) {
            call.answer(() -> {
                throw e;
            });
        }
    }

    private void propose(AuthState state, byte @Nullable [] value) {
        List<Command> operations = new ArrayList<>();
        Condition unchanged;
        if (state.version() == 0) {
            unchanged = new Condition.Exists(AuthPaths.TOP, false);
            operations.add(create(AuthPaths.TOP, AuthRecords.top()));
            for (ZnodePath folder : List.of(
                    AuthPaths.USERS, AuthPaths.ROLES, AuthPaths.BINDINGS, AuthPaths.TOKENS, AuthPaths.NAMESPACES)) {
                operations.add(create(folder, AuthRecords.top()));
            }
            byte[] key = new byte[Tokens.KEY_BYTES];
            keeper.random().nextBytes(key);
            operations.add(create(AuthPaths.SIGNING_KEY, AuthRecords.encodeKey(key)));
        } else {
            unchanged = new Condition.Version(AuthPaths.TOP, state.version());
            operations.add(set(AuthPaths.TOP, AuthRecords.top()));
        }
        operations.add(
                value == null ? new Command.Delete(path, false, Command.ANY, Command.ANY, false) : set(path, value));
        Command.Transact change = new Command.Transact(List.of(unchanged), operations, List.of());
        context.calls().store().write(new Command.Internal(change), null, context.deadline(), new Written());
    }

    private static Command create(ZnodePath path, byte[] value) {
        return new Command.Create(
                path, ZnodeKind.PERSISTENT, value, "", false, ZnodeKind.PERSISTENT, 0, false, null, false);
    }

    private static Command set(ZnodePath path, byte[] value) {
        return new Command.Set(path, value, "", Command.ANY, Command.ANY, true, false, false);
    }

    private final class Written implements ProposalListener {
        @Override
        public void applied(CommandResult result) {
            if (result instanceof CommandResult.Transacted done && !done.succeeded()) {
                if (++tries < MOST_TRIES) {
                    context.calls().workers().execute(AuthChange.this::decide);
                } else {
                    call.answer(() -> {
                        throw new RejectedException(Rejection.of(
                                RejectReason.VERSION_MISMATCH,
                                "others changed users and roles " + MOST_TRIES + " times meanwhile: try again",
                                "path",
                                AuthPaths.TOP.toString()));
                    });
                }
                return;
            }
            call.answer(() -> {
                if (result instanceof CommandResult.Rejected rejected) {
                    throw new RejectedException(rejected.rejection());
                }
                return answer.apply(ResultWriter.expect(result, CommandResult.Transacted.class)
                        .revision());
            });
        }

        @Override
        public void failed(StoreFailure failure) {
            call.fail(failure);
        }
    }
}
