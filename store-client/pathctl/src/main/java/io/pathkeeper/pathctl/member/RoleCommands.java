package io.pathkeeper.pathctl.member;

import io.pathkeeper.client.cluster.MemberUpdate;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands about the part that members play. */
final class RoleCommands {
    private RoleCommands() {}

    /** {@code pathctl member promote}. */
    @Command(
            name = "promote",
            header = "Give a listener a vote.",
            description = "Refused while it lacks 1,000 log entries or more.")
    static final class Promote extends MemberBase {
        @Parameters(paramLabel = "ID", description = "Identity of the member.")
        String id = "";

        Promote(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            return done(members().promote(id), id + " is a voter", id);
        }
    }

    /** {@code pathctl member demote}. */
    @Command(
            name = "demote",
            header = "Make a voter a listener.",
            description = "It follows without a vote from then on. A leader hands leadership over first.")
    static final class Demote extends MemberBase {
        @Parameters(paramLabel = "ID", description = "Identity of the member.")
        String id = "";

        Demote(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            return done(members().demote(id), id + " is a listener", id);
        }
    }

    /** {@code pathctl member transfer}. */
    @Command(
            name = "transfer",
            header = "Have another member lead.",
            description = {
                "Writers wait for a moment instead of an election. Without an ID the follower that lags least takes over. Where members",
                "have priorities, leadership goes to the highest one only."
            })
    static final class Transfer extends MemberBase {
        @Parameters(paramLabel = "ID", arity = "0..1", description = "Identity of the member that shall lead.")
        String id = "";

        Transfer(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            return done(
                    members().transferLeadership(id), id.isEmpty() ? "leadership was handed over" : id + " leads", id);
        }
    }

    /** {@code pathctl member priority}. */
    @Command(
            name = "priority",
            header = "Say who is preferred as the leader.",
            description = {
                "The highest takes leadership over as soon as it has caught up. With equal priorities, which is the default, whoever leads",
                "goes on. A preferred leader that is stopped costs writers an election, which equal priorities spare them."
            })
    static final class Priority extends MemberBase {
        @Parameters(index = "0", paramLabel = "ID", description = "Identity of the member.")
        String id = "";

        @Parameters(index = "1", paramLabel = "N", description = "0 to 100.")
        int priority;

        Priority(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            return done(members().update(id, MemberUpdate.priority(priority)), id + " has priority " + priority, id);
        }
    }
}
