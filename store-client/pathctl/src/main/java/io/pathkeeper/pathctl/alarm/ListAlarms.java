package io.pathkeeper.pathctl.alarm;

import io.pathkeeper.client.model.Alarm;
import io.pathkeeper.client.model.AlarmList;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.text.Table;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code pathctl alarm list}. */
@Command(
        name = "list",
        header = "List the alarms that stand on all servers.",
        description = {
            "Asks one server, which asks the others. Exit code 0 when no alarm stands, 5 when one does, 1 when none is known but a server",
            "could not be reached (it is named)."
        })
final class ListAlarms extends StoreCommand {
    ListAlarms(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        AlarmList list = context.client().store().listAlarms();
        if (json()) {
            List<Value> alarms = new ArrayList<>();
            list.alarms().forEach(alarm -> alarms.add(document(alarm)));
            printJson(Value.map("alarms", Value.of(alarms), "unreached", list.unreached()));
        } else if (!list.alarms().isEmpty()) {
            Table table = new Table("ALARM", "MEMBER", "SINCE", "WHAT");
            list.alarms().forEach(alarm -> table.row(alarm.type(), alarm.memberId(), alarm.since(), alarm.message()));
            table.print(out());
        }
        list.unreached()
                .forEach(member -> err().println(
                                "pathctl: the alarms of server " + member + " are not known: it was not reached by "
                                        + list.header().memberId()));
        if (!list.alarms().isEmpty()) {
            return ExitCode.CONDITION_FAILED;
        }
        if (!list.unreached().isEmpty()) {
            return ExitCode.UNAVAILABLE;
        }
        if (!json()) {
            out().println("no alarm stands");
        }
        return ExitCode.OK;
    }

    private static Value document(Alarm alarm) {
        return Value.map(
                "type", alarm.type(),
                "member_id", alarm.memberId(),
                "subject", alarm.subject(),
                "message", alarm.message(),
                "since", alarm.since().toString());
    }
}
