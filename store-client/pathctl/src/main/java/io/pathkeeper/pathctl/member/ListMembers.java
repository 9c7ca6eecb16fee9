package io.pathkeeper.pathctl.member;

import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.Table;
import io.pathkeeper.pathctl.text.Units;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code pathctl member list}. */
@Command(
        name = "list",
        header = "List the members with addresses, role, lag and priority.",
        description = {
            "LAG is the number of log entries that a member does not have yet, HEARD the time since it answered the leader; both are",
            "the leader's knowledge, and a dash when no leader can be asked. With --output json, one object a line."
        })
final class ListMembers extends MemberBase {
    ListMembers(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        Table table = new Table("MEMBER", "CLIENT", "RAFT", "ROLE", "VOTES", ">PRIORITY", ">LAG", ">HEARD");
        for (Member member : members().list().join()) {
            if (json()) {
                printJson(document(member));
            } else {
                table.row(
                        member.memberId(),
                        member.clientAddress(),
                        member.raftAddress(),
                        role(member),
                        member.voter() ? "yes" : "no",
                        member.priority(),
                        member.lag().isPresent() ? Long.toString(member.lag().getAsLong()) : "-",
                        member.lastContact().map(Units::span).orElse("-"));
            }
        }
        if (!json()) {
            table.print(out());
        }
        return ExitCode.OK;
    }

    private static String role(Member member) {
        return member.role().name().toLowerCase(Locale.ROOT);
    }

    private static Value document(Member member) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("member_id", Value.of(member.memberId()));
        fields.put("client_address", Value.of(member.clientAddress()));
        fields.put("raft_address", Value.of(member.raftAddress()));
        fields.put("role", Value.of(role(member)));
        fields.put("voter", Value.of(member.voter()));
        fields.put("priority", Value.of(member.priority()));
        member.lag().ifPresent(lag -> fields.put("lag_entries", Value.of(lag)));
        member.lastContact().ifPresent(time -> fields.put("last_contact_ms", Value.of(time.toMillis())));
        return Value.of(fields);
    }
}
