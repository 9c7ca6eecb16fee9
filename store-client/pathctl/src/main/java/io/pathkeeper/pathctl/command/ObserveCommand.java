package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.observe.ObserveScope;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.EventView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl observe}. Lines are printed by the callback thread of the observation; the main thread waits for its end. */
@Command(
        name = "observe",
        header = "Print every change, one event a line, until stopped.",
        description = {
            "Lines have columns with a tab between them: revision, type, path, value as JSON; or one JSON object with",
            "--output json. Types: CREATED, UPDATED, DELETED, ACL_CHANGED; behind the type stands the cause when it was not a",
            "client: DELETED:TTL, DELETED:CONTAINER. Other lines:",
            "  REVISION  EXISTING  PATH  VALUE   a znode as it is, with --initial or behind RESET",
            "  REVISION  SYNCED                  the whole state was told",
            "  REVISION  RESET  CAUSE            changes were missed: forget what you know, the whole state follows",
            "  REVISION  PROGRESS                nothing at or below the revision follows, with --progress",
            "Breaks of the connection do not show: every change comes once, in order. To resume later, use --from with the",
            "last revision + 1. Says on standard error from which revision on it observes."
        })
public final class ObserveCommand extends StoreCommand {
    /** How far around the path. */
    static final class Scope {
        @Option(names = "--children", description = "Creations and deletions of the direct children only.")
        boolean children;

        @Option(
                names = {"-s", "--subtree"},
                description = "The znode and everything below.")
        boolean subtree;
    }

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Absolute paths; they need not exist.")
    List<String> paths = List.of();

    @ArgGroup
    @Nullable
    Scope scope;

    @Option(
            names = {"-i", "--initial"},
            description = "First the state as it is, as EXISTING lines and SYNCED.")
    boolean initial;

    @Option(
            names = "--from",
            paramLabel = "REV",
            description = "From this revision on, itself included, as far as the history reaches.")
    long from;

    @Option(names = "--once", description = "End behind the first change.")
    boolean once;

    @Option(names = "--progress", description = "Show PROGRESS lines.")
    boolean progress;

    @Option(
            names = "--glob",
            paramLabel = "PATTERN",
            description = "Only paths whose last name matches: * any text, ? one character.")
    String glob = "";

    @Option(names = "--depth", paramLabel = "N", description = "Only so many levels below PATH.")
    int depth;

    @Option(names = "--previous", description = "With --output json: the value before, too.")
    boolean previous;

    /** Made by the table of commands. */
    public ObserveCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws Exception {
        if (initial && from != 0) {
            throw CommandFailure.usage("--initial and --from exclude each other");
        }
        ObserveRequest request = request();
        PathkeeperClient client = context.client();
        client.store().clusterInfo(); // nobody there: say so in time, instead of trying for ever
        Printer printer = new Printer();
        try (Observation observation = client.observe(request, printer)) {
            CompletableFuture.anyOf(observation.ended(), printer.failed).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return ExitCode.OK;
    }

    private ObserveRequest request() {
        ObserveScope reach = scope == null
                ? ObserveScope.NODE
                : scope.children ? ObserveScope.CHILDREN : scope.subtree ? ObserveScope.SUBTREE : ObserveScope.NODE;
        ObserveRequest request = null;
        for (String path : paths) {
            String target = context.path(path);
            request = request == null ? first(target, reach) : request.and(target, reach);
        }
        if (request == null) {
            throw CommandFailure.usage("no path given");
        }
        return request.initialState(initial)
                .startRevision(from)
                .once(once)
                .nameGlob(glob)
                .maxDepth(depth)
                .includePrevious(previous);
    }

    private static ObserveRequest first(String path, ObserveScope scope) {
        return switch (scope) {
            case NODE -> ObserveRequest.node(path);
            case CHILDREN -> ObserveRequest.children(path);
            case SUBTREE -> ObserveRequest.subtree(path);
        };
    }

    /** Prints the frames as they come and flushes behind each. */
    private final class Printer implements ObserveListener {
        final CompletableFuture<Void> failed = new CompletableFuture<>();

        @Override
        public void onCreated(ObserveFrame.Created created) {
            long newest = context.client().lastSeenRevision();
            String waiting =
                    newest > 0 && created.revision() > newest + 1 ? "; the store is at " + newest + ", waiting" : "";
            err().println("observing from revision " + created.revision() + waiting);
        }

        @Override
        public void onEvents(ObserveFrame.Events events) {
            print(() -> events.events()
                    .forEach(event -> out().println(json() ? EventView.json(event) : EventView.line(event))));
        }

        @Override
        public void onExisting(ObserveFrame.Existing existing) {
            print(() -> existing.znodes()
                    .forEach(znode -> out().println(
                                    json()
                                            ? EventView.json(znode, existing.revision())
                                            : EventView.line(znode, existing.revision()))));
        }

        @Override
        public void onSynced(ObserveFrame.Synced synced) {
            mark(synced.revision(), "SYNCED", "");
        }

        @Override
        public void onProgress(ObserveFrame.Progress mark) {
            if (progress) {
                mark(mark.revision(), "PROGRESS", "");
            }
        }

        @Override
        public void onReset(ObserveFrame.Reset reset) {
            mark(reset.revision(), "RESET", reset.cause());
        }

        @Override
        public void onEnd(@Nullable PathkeeperException error) {
            out().flush();
        }

        private void mark(long revision, String type, String cause) {
            Supplier<String> line =
                    () -> json() ? EventView.jsonMark(revision, type, cause) : EventView.mark(revision, type, cause);
            print(() -> out().println(line.get()));
        }

        /** Prints and flushes; a reader that went away ends the command by the thread that waits. */
        private void print(Runnable lines) {
            try {
                lines.run();
                out().flush();
            } catch (RuntimeException e) {
                failed.completeExceptionally(e);
            }
        }
    }
}
