package io.pathkeeper.server.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One identity whose files may change while the server runs. New handshakes use what was read last; connections that exist go on as they are.
 * Files that cannot be used change nothing but the alarm.
 *
 * <p>{@link #reload} is for one thread; everything else for any.
 */
public final class ReloadingTls {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);
    private static final Duration EXPIRY_ALARM = Duration.ofDays(14);

    /** Material with its number, which is in the alias that a handshake keeps. */
    record Generation(long number, TlsMaterial material) {
        String alias() {
            return "generation-" + number;
        }
    }

    private final TlsFiles files;
    private final InstantSource clock;
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private TlsMaterial.Contents used;
    private TlsMaterial.@Nullable Contents refused;
    private volatile Generation current;
    private volatile Generation previous;
    private volatile String problem = "";

    private ReloadingTls(TlsFiles files, TlsMaterial.Contents contents, TlsMaterial material, InstantSource clock) {
        this.files = files;
        this.clock = clock;
        this.used = contents;
        this.current = new Generation(1, material);
        this.previous = current;
    }

    /**
     * Reads the files for the first time.
     *
     * @throws TlsException when they cannot be used: a server does not start then
     */
    public static ReloadingTls load(TlsFiles files, InstantSource clock) throws TlsException {
        TlsMaterial.Contents contents = TlsMaterial.Contents.read(files);
        ReloadingTls tls = new ReloadingTls(files, contents, TlsMaterial.of(files, contents, clock.instant()), clock);
        tls.warnWhenOthersMayRead();
        tls.log("certificate in use");
        return tls;
    }

    /** Looks whether the files changed and takes what is good. */
    public void reload() {
        TlsMaterial.Contents found = null;
        try {
            found = TlsMaterial.Contents.read(files);
            if (found.sameAs(used)) {
                refused = null;
                problem = "";
                return;
            }
            if (refused != null && found.sameAs(refused) && !problem.isEmpty()) {
                return; // told before
            }
            TlsMaterial material = TlsMaterial.of(files, found, clock.instant());
            Generation old = current;
            previous = old;
            current = new Generation(old.number() + 1, material);
            used = found;
            refused = null;
            problem = "";
            reloads.incrementAndGet();
            log("new certificate in use");
        } catch (TlsException e) {
            failed(found, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            failed(found, files.name() + ": the new files cannot be used: " + e);
        }
    }

    private void failed(TlsMaterial.@Nullable Contents found, String why) {
        refused = found;
        if (!why.equals(problem)) {
            problem = why;
            failures.incrementAndGet();
            LOG.atError()
                    .addKeyValue("problem", why)
                    .log("new TLS files cannot be used; those read before stay in use");
        }
    }

    private void log(String what) {
        TlsMaterial material = current.material();
        LOG.atInfo()
                .addKeyValue("tls", files.name())
                .addKeyValue(
                        "subject", material.chain()[0].getSubjectX500Principal().getName())
                .addKeyValue("expires", material.certificateExpires())
                .log(what);
    }

    private void warnWhenOthersMayRead() {
        try {
            Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(files.key());
            if (allowed.contains(PosixFilePermission.OTHERS_READ)) {
                LOG.atWarn()
                        .addKeyValue("file", files.key())
                        .log("every user of this machine can read the private key; set its mode to 0600");
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.atDebug().addKeyValue("cause", e.toString()).log("modes of files are not known here");
        }
    }

    /** For a server's side, and for a client's that shows the same certificate. */
    public TlsEndpoint endpoint(ClientAuth clientAuth, List<String> protocols) {
        X509ExtendedKeyManager key = new CurrentKey(this);
        X509ExtendedTrustManager trust =
                files.authorities() == null ? null : new CurrentTrust(this::material, files.servers());
        return new TlsEndpoint(CurrentContext.of(this, key, trust), key, trust, clientAuth, protocols);
    }

    Generation current() {
        return current;
    }

    TlsMaterial material() {
        return current.material();
    }

    /** The material of an alias: a handshake that began before a change ends with what it began with. */
    @Nullable
    TlsMaterial byAlias(String alias) {
        Generation now = current;
        if (now.alias().equals(alias)) {
            return now.material();
        }
        Generation before = previous;
        return before.alias().equals(alias) ? before.material() : null;
    }

    /** Beginning of the keys in the configuration. */
    public String name() {
        return files.name();
    }

    /** Whether there are authorities. */
    public boolean hasAuthorities() {
        return files.authorities() != null;
    }

    /** When the certificate in use ends. */
    public Instant certificateExpires() {
        return material().certificateExpires();
    }

    /** When the last of the authorities in use ends. */
    public Instant authoritiesExpire() {
        return material().authoritiesExpire();
    }

    /** How often new files came into use. */
    public long reloads() {
        return reloads.get();
    }

    /** How often new files could not be used. */
    public long failures() {
        return failures.get();
    }

    /** Why the present files cannot be used; empty while they are. */
    public String problem() {
        return problem;
    }

    /** What ends soon, as one sentence; empty when nothing does. */
    public String expiryProblem() {
        Instant limit = clock.instant().plus(EXPIRY_ALARM);
        if (certificateExpires().isBefore(limit)) {
            return files.name() + ".certificate ends at " + certificateExpires() + ": put a new one in its place";
        }
        if (authoritiesExpire().isBefore(limit)) {
            return files.name() + ".ca ends at " + authoritiesExpire() + ": put a new one in its place";
        }
        return "";
    }
}
