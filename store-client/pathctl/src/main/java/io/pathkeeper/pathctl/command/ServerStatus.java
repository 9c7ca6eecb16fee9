package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.AccessDeniedException;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberRole;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.pathctl.FailureReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A member and what it answered, or why it did not.
 *
 * @param status null when it did not answer
 * @param problem why not; empty when it did
 */
public record ServerStatus(Member member, @Nullable MemberStatus status, String problem) {
    /** Asks one server for the members and then each member itself. Throws what the first one refuses, and every refusal by rights. */
    public static List<ServerStatus> ofAll(PathkeeperClient client) {
        List<Member> members = client.store().listMembers();
        List<CompletableFuture<MemberStatus>> answers = members.stream()
                .map(member -> client.async().memberStatus(member.clientAddress()))
                .toList();
        List<ServerStatus> all = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            try {
                all.add(new ServerStatus(member, answers.get(i).join(), ""));
            } catch (CompletionException e) {
                if (FailureReport.unwrap(e) instanceof AccessDeniedException refusal) {
                    throw refusal; // by rights or credentials, which are the same everywhere
                }
                all.add(new ServerStatus(member, null, FailureReport.line(e, member.clientAddress())));
            }
        }
        return all;
    }

    /** Returns the status of the one that says that it leads, or null. */
    public static @Nullable MemberStatus leader(List<ServerStatus> all) {
        return all.stream()
                .map(ServerStatus::status)
                .filter(status -> status != null && status.role() == MemberRole.LEADER)
                .findFirst()
                .orElse(null);
    }

    /** Returns how many committed log entries it has not applied yet, by what the leader says; nothing without a leader or an answer. */
    public OptionalLong lag(@Nullable MemberStatus leader) {
        return leader == null || status == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, leader.commitIndex() - status.appliedIndex()));
    }

    /** Returns the part that it plays, in small letters. */
    public String role() {
        return status == null ? "unreachable" : status.role().name().toLowerCase(Locale.ROOT);
    }
}
