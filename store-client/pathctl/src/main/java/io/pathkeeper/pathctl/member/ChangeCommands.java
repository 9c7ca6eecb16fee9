package io.pathkeeper.pathctl.member;

import io.pathkeeper.client.cluster.MemberUpdate;
import io.pathkeeper.client.cluster.NewMember;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that change which servers belong to the cluster, and where they are. */
final class ChangeCommands {
    private static final String RAFT = "Where the other servers reach it (its raft.listen, as they see it).";
    private static final String CLIENT = "Where clients reach it (its client.listen, as they see it).";

    private ChangeCommands() {}

    /** {@code pathctl member add}. */
    @Command(
            name = "add",
            header = "Take a server in.",
            description = {
                "The server runs already, with --join, the name of the cluster and the id that is given here. The command ends when it has",
                "caught up; with --timeout it waits longer than two minutes."
            })
    static final class Add extends MemberBase {
        @Parameters(paramLabel = "ID", description = "Identity of the server, its member.id.")
        String id = "";

        @Option(names = "--raft", paramLabel = "HOST:PORT", required = true, description = RAFT)
        String raft = "";

        @Option(names = "--client", paramLabel = "HOST:PORT", required = true, description = CLIENT)
        String client = "";

        @Option(
                names = "--listener",
                description =
                        "It follows without a vote: serves local and at-least reads and observers, forwards writes.")
        boolean listener;

        @Option(
                names = "--priority",
                paramLabel = "N",
                description = "The highest is preferred as the leader, 0 (default) to 100.")
        int priority;

        Add(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            return done(
                    members().add(new NewMember(id, raft, client, !listener, priority)),
                    "added " + id + (listener ? " as a listener" : " as a voter"),
                    id);
        }
    }

    /** {@code pathctl member remove}. */
    @Command(
            name = "remove",
            header = "Put a member out.",
            description = {
                "Its process ends with exit code 8. A leader hands leadership over first. To take the server in again, empty its data",
                "directory and start it with --join."
            })
    static final class Remove extends MemberBase {
        @Parameters(paramLabel = "ID", description = "Identity of the member.")
        String id = "";

        Remove(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            return done(members().remove(id), "removed " + id, id);
        }
    }

    /** {@code pathctl member replace}. */
    @Command(
            name = "replace",
            header = "Put another server in the place of a member, or give a member other addresses.",
            description = {
                "With --with, the server of that id joins and the member goes out, in one step; the member need not answer any more.",
                "Needs three voters or more: with fewer, add the new one, then remove the old one.",
                "",
                "Without --with, the member keeps its id and moves to the addresses that are given: with its data directory, or with an",
                "empty one and --join. The server at the old address must be stopped."
            })
    static final class Replace extends MemberBase {
        @Parameters(paramLabel = "ID", description = "Identity of the member.")
        String id = "";

        @Option(names = "--with", paramLabel = "ID", description = "Identity of the server that comes.")
        @Nullable
        String with;

        @Option(names = "--raft", paramLabel = "HOST:PORT", description = RAFT)
        @Nullable
        String raft;

        @Option(names = "--client", paramLabel = "HOST:PORT", description = CLIENT)
        @Nullable
        String client;

        Replace(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            String next = with;
            String toRaft = raft;
            String toClient = client;
            if (next == null || next.equals(id)) {
                if (toRaft == null && toClient == null) {
                    throw CommandFailure.usage(
                            "say where " + id + " is now: --raft HOST:PORT, --client HOST:PORT or both");
                }
                return done(
                        members().update(id, MemberUpdate.addresses(toRaft, toClient)),
                        id + " has other addresses",
                        id);
            }
            if (toRaft == null || toClient == null) {
                throw CommandFailure.usage("say where " + next + " is: --raft HOST:PORT and --client HOST:PORT");
            }
            return done(members().replace(id, next, toRaft, toClient), "replaced " + id + " with " + next, next);
        }
    }
}
