package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.AccessDeniedException;
import io.pathkeeper.client.error.ClientClosedException;
import io.pathkeeper.client.error.InvalidRequestException;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.client.session.SessionState;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An ephemeral znode that is there as long as this program wants it: created again under a new session when its session was lost, and when
 * somebody has deleted it. Opens sessions of its own.
 *
 * <p><b>Promised:</b> while the servers can be reached the znode is there, but for the short time between the end of a session and the next one; it goes
 * when this is closed, or when the program is gone for its session's timeout. <b>Not promised:</b> that it is there without a gap, nor that it is
 * this program's when another one uses the same path: then it waits until that one has gone. With an identity in the session's options it takes
 * the znode of its predecessor over.
 *
 * <pre>{@code
 * SessionOptions options = SessionOptions.defaults().identity("host-1");
 * try (PersistentEphemeral here = PersistentEphemeral.start(client, options, "/alive/host-1", Value.of("up"))) {
 *     here.created().join();
 *     System.out.println(client.store().get("/alive/host-1").value().asString()); // up
 * }
 * }</pre>
 */
public final class PersistentEphemeral implements AutoCloseable {
    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long LONGEST_DELAY_MILLIS = 5_000;

    private final PathkeeperClient client;
    private final SessionOptions options;
    private final String path;
    private final CompletableFuture<Void> created = new CompletableFuture<>();
    private final Observation observation;
    private Value value;
    private @Nullable PathkeeperSession session;
    private long delayMillis = FIRST_DELAY_MILLIS;
    private boolean working;
    private boolean again;
    private boolean closed;

    private PersistentEphemeral(PathkeeperClient client, SessionOptions options, String path, Value value) {
        this.client = client;
        this.options = options;
        this.path = path;
        this.value = value;
        ObserveRequest deletions = ObserveRequest.node(path).types(Set.of(EventType.DELETED));
        this.observation = client.observe(deletions, new ObserveListener() {
            @Override
            public void onCreated(ObserveFrame.Created started) {
                ensure();
            }

            @Override
            public void onEvents(ObserveFrame.Events events) {
                ensure();
            }

            @Override
            public void onReset(ObserveFrame.Reset reset) {
                ensure();
            }
        });
    }

    /** Begins; does not wait. Missing parents are created as containers. */
    public static PersistentEphemeral start(PathkeeperClient client, SessionOptions options, String path, Value value) {
        PersistentEphemeral ephemeral = new PersistentEphemeral(client, options, path, value);
        ephemeral.ensure();
        return ephemeral;
    }

    /** Returns a future that completes when the znode was created first; it fails when that can never be. */
    public CompletableFuture<Void> created() {
        return created.copy();
    }

    /** Returns the session that owns the znode at present; empty between two sessions. */
    public synchronized Optional<PathkeeperSession> session() {
        return Optional.ofNullable(session).filter(open -> open.state() != SessionState.LOST);
    }

    /** Changes the value, also of the znodes to come. Completes when the present one has it; fails when there is none at present. */
    public CompletableFuture<Void> set(Value newValue) {
        synchronized (this) {
            value = newValue;
        }
        return client.async().set(path, newValue).thenApply(result -> (Void) null);
    }

    private void ensure() {
        PathkeeperSession open;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (working) {
                again = true;
                return;
            }
            working = true;
            open = session;
        }
        if (open != null && open.state() != SessionState.LOST) {
            create(open);
        } else {
            client.sessions().openAsync(options).whenComplete(this::opened);
        }
    }

    private void opened(@Nullable PathkeeperSession open, @Nullable Throwable error) {
        if (open == null) {
            failed(error);
            return;
        }
        boolean late;
        synchronized (this) {
            late = closed;
            session = open;
        }
        if (late) {
            open.closeAsync();
            return;
        }
        open.whenLost().whenComplete((lost, none) -> ensure());
        create(open);
    }

    private void create(PathkeeperSession owner) {
        Value wanted;
        synchronized (this) {
            wanted = value;
        }
        CreateOptions ephemeral = CreateOptions.defaults()
                .ephemeral(owner)
                .takeOver(!options.identity().isEmpty())
                .createParents(true)
                .parentKind(ZnodeKind.CONTAINER);
        client.async().create(path, wanted, ephemeral).whenComplete((result, error) -> {
            // One that is there is this program's, or goes one day: its deletion is observed.
            if (error == null || Waits.isReason(error, Reason.NODE_EXISTS)) {
                if (error == null) {
                    created.complete(null);
                }
                done();
            } else {
                failed(error);
            }
        });
    }

    private void done() {
        boolean next;
        synchronized (this) {
            delayMillis = FIRST_DELAY_MILLIS;
            working = false;
            next = again;
            again = false;
        }
        if (next) {
            ensure();
        }
    }

    private void failed(@Nullable Throwable error) {
        Throwable cause = error == null ? null : Waits.cause(error);
        if (cause instanceof InvalidRequestException
                || cause instanceof AccessDeniedException
                || cause instanceof ClientClosedException) {
            created.completeExceptionally((PathkeeperException) cause);
            close();
            return;
        }
        long delay;
        synchronized (this) {
            delay = delayMillis;
            delayMillis = Math.min(LONGEST_DELAY_MILLIS, 2 * delay);
            working = false;
            again = false;
        }
        CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS).execute(this::ensure);
    }

    /** Ends the session, and with it the znode; does not wait. May be called again. */
    @Override
    public void close() {
        PathkeeperSession open;
        synchronized (this) {
            closed = true;
            open = session;
        }
        observation.close();
        created.cancel(false);
        if (open != null) {
            open.closeAsync();
        }
    }
}
