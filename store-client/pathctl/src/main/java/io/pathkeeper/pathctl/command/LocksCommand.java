package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.coordination.LockHolder;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.client.coordination.LockPage;
import io.pathkeeper.client.session.SessionInfo;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.LockView;
import io.pathkeeper.pathctl.text.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl locks}. */
@Command(
        name = "locks",
        header = "List locks and elections with those who hold them and those who wait.",
        description = {
            "Locks that nobody holds or waits for do not exist and are not shown. PLACE is `holds`, or how many wait in front.",
            "TOKEN is the revision of the grant, QUEUED the revision at which it came; both grow with time. With --output json,",
            "one object a line. At most 100 waiters of each lock are shown; behind them stands how many more there are."
        })
public final class LocksCommand extends StoreCommand {
    private static final int MAX_PAGE = 1_000;

    @Parameters(paramLabel = "PATH", arity = "0..1", description = "Only those at or below it. Default: /.")
    String path = "";

    @Option(names = "--session", paramLabel = "ID", description = "Only those in which this session holds or waits.")
    @Nullable
    Long session;

    @Option(
            names = {"-l", "--long"},
            description =
                    "Also the address of each session and since when it is open, which is at least as long as it holds or waits.")
    boolean detailed;

    @Option(names = "--limit", paramLabel = "N", description = "Show no more than N locks. Default: 1000.")
    int limit = 1_000;

    /** Made by the table of commands. */
    public LocksCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        SessionCommand.checkLimit(limit);
        String below = path.isEmpty() ? context.workingPath() : context.path(path);
        List<LockInfo> locks = new ArrayList<>();
        boolean more = false;
        String token = "";
        do {
            LockPage page = context.client()
                    .locks()
                    .list(below, Math.min(MAX_PAGE, limit), token)
                    .join();
            for (LockInfo lock : page.locks()) {
                more |= locks.size() == limit && wanted(lock);
                if (locks.size() < limit && wanted(lock)) {
                    locks.add(lock);
                }
            }
            token = page.nextPageToken();
        } while (!token.isEmpty() && !more && (locks.size() < limit || session != null));
        if (json()) {
            locks.forEach(lock -> printJson(LockView.value(lock)));
        } else {
            print(locks);
        }
        if (more || !token.isEmpty()) {
            err().println("pathctl: there are more than " + limit + " locks; --limit shows more");
        }
        return ExitCode.OK;
    }

    private boolean wanted(LockInfo lock) {
        Long id = session;
        return id == null
                || Stream.concat(lock.holders().stream(), lock.waiters().stream())
                        .anyMatch(entry -> entry.sessionId() == id);
    }

    private void print(List<LockInfo> locks) {
        Map<Long, SessionInfo> sessions = detailed ? sessions(locks) : Map.of();
        List<String> heading =
                new ArrayList<>(List.of("PATH", "PLACE", "MODE", ">TOKEN", ">QUEUED", ">SESSION", "IDENTITY", "NOTE"));
        if (detailed) {
            heading.addAll(List.of("ADDRESS", ">OPEN FOR"));
        }
        Table table = new Table(heading.toArray(String[]::new));
        for (LockInfo lock : locks) {
            lock.holders().forEach(holder -> table.row(row(lock, "holds", holder, sessions)));
            for (int i = 0; i < lock.waiters().size(); i++) {
                table.row(row(lock, Integer.toString(i), lock.waiters().get(i), sessions));
            }
        }
        table.print(out());
        locks.stream()
                .filter(lock -> lock.waiterCount() > lock.waiters().size())
                .forEach(lock -> out().println(lock.path() + ": "
                        + (lock.waiterCount() - lock.waiters().size()) + " more wait"));
    }

    private Object[] row(LockInfo lock, String place, LockHolder entry, Map<Long, SessionInfo> sessions) {
        List<Object> cells = new ArrayList<>(List.of(
                lock.path(),
                place,
                LockView.mode(lock, entry),
                entry.token() == 0 ? "-" : entry.token(),
                entry.queuedRevision(),
                entry.sessionId(),
                SessionCommand.orDash(entry.identity()),
                lock.election() ? entry.holderId() : SessionCommand.orDash(entry.note())));
        if (detailed) {
            SessionInfo known = sessions.get(entry.sessionId());
            cells.add(known == null ? "-" : known.address());
            cells.add(known == null ? "-" : SessionCommand.age(known));
        }
        return cells.toArray();
    }

    /** Returns the sessions in the locks, asked for a thousand at a time; those that have ended meanwhile are missing. */
    private Map<Long, SessionInfo> sessions(List<LockInfo> locks) {
        List<Long> ids = locks.stream()
                .flatMap(lock -> Stream.concat(lock.holders().stream(), lock.waiters().stream()))
                .map(LockHolder::sessionId)
                .distinct()
                .toList();
        Map<Long, SessionInfo> found = new HashMap<>();
        for (int from = 0; from < ids.size(); from += MAX_PAGE) {
            List<CompletableFuture<SessionInfo>> answers =
                    ids.subList(from, Math.min(ids.size(), from + MAX_PAGE)).stream()
                            .map(id -> context.client().sessions().info(id))
                            .toList();
            for (CompletableFuture<SessionInfo> answer : answers) {
                try {
                    SessionInfo info = answer.join();
                    found.put(info.id(), info);
                } catch (CompletionException e) {
                    continue; // it has just ended
                }
            }
        }
        return found;
    }
}
