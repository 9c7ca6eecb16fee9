package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.SessionInfo;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pathctl session show}. */
@Command(
        name = "show",
        header = "Show one session.",
        description = "Its ephemeral znodes: pathctl session nodes ID; its locks: pathctl locks --session ID.")
final class SessionShowCommand extends StoreCommand {
    @Parameters(paramLabel = "ID", description = "Id of the session.")
    long id;

    SessionShowCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        SessionInfo session = context.client().sessions().info(id).join();
        if (json()) {
            printJson(SessionCommand.value(session));
            return ExitCode.OK;
        }
        Map<String, Value> fields =
                new LinkedHashMap<>(SessionCommand.value(session).asMap());
        fields.put("labels", Value.of(SessionCommand.labels(session)));
        fields.put("age", Value.of(SessionCommand.age(session)));
        fields.forEach((name, field) -> out().printf(
                        "%-16s %s%n",
                        name,
                        field.type() == Value.Type.STRING ? PathText.printable(field.asString()) : field.toJson()));
        return ExitCode.OK;
    }
}
