package io.pathkeeper.pathctl.log;

import io.pathkeeper.client.cluster.Logs;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.model.LoggerLevel;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.FailureReport;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.text.Table;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks all servers, or one, and shows the levels that stand then. */
@Command(sortOptions = false, usageHelpWidth = 120)
abstract class LogBase extends StoreCommand {
    @Option(names = "--member", paramLabel = "ID", description = "Only this server; default: all.")
    String only = "";

    LogBase(CommandContext context) {
        super(context);
    }

    /** Asks the server at an address. */
    abstract CompletableFuture<List<LoggerLevel>> ask(String address);

    final Logs logs() {
        return context.client().logs();
    }

    @Override
    protected final ExitCode run() {
        List<Member> members = context.client().store().listMembers().stream()
                .filter(member -> only.isEmpty() || member.memberId().equals(only))
                .toList();
        if (members.isEmpty()) {
            throw CommandFailure.usage("there is no server '" + only + "' (see pathctl member list)");
        }
        List<CompletableFuture<List<LoggerLevel>>> answers =
                members.stream().map(member -> ask(member.clientAddress())).toList();
        Table table = new Table("MEMBER", "LOGGER", "LEVEL", "UNTIL");
        boolean any = false;
        boolean all = true;
        for (int i = 0; i < members.size(); i++) {
            String member = members.get(i).memberId();
            try {
                for (LoggerLevel level : answers.get(i).join()) {
                    any = true;
                    if (json()) {
                        printJson(document(member, level));
                    } else {
                        table.row(member, level.logger(), level.level(), level.until());
                    }
                }
            } catch (CompletionException e) {
                if (!(FailureReport.unwrap(e) instanceof UnavailableException)) {
                    throw e; // wrong, or not allowed, and the same everywhere
                }
                all = false;
                err().println("pathctl: server " + member + " was not reached: "
                        + FailureReport.line(e, members.get(i).clientAddress()));
            }
        }
        if (any && !json()) {
            table.print(out());
        } else if (!json() && all) {
            out().println("no level is set");
        }
        return all ? ExitCode.OK : ExitCode.UNAVAILABLE;
    }

    private static Value document(String member, LoggerLevel level) {
        return Value.map(
                "member_id", member,
                "logger", level.logger(),
                "level", level.level().name(),
                "until", level.until().toString());
    }
}
