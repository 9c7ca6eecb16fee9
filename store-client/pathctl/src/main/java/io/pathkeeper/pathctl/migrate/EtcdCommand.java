package io.pathkeeper.pathctl.migrate;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl migrate etcd}. */
@Command(
        name = "etcd",
        header = "Copy keys of a running etcd into the store, and compare both.",
        description = {
            "Carried: the key PREFIX and what begins with PREFIX/, '' for all keys; the slashes of a key part the names of its path, and where there",
            "is no key above another one a znode with the null value is made. Left out and named: keys with a lease, keys that are no",
            "UTF-8 or have nothing between two slashes, names and paths that the store does not take, values over its limit. Revisions,",
            "versions, users and roles are not carried. Keys are read at one revision.",
            "Afterwards both sides are read again and every value is compared. What changed at the source meanwhile is named and copied again;",
            "what is at the target only is named and stays. Stop the writers and run it again for the last time: equal znodes are left alone.",
            "Exit codes: 4 when znodes with other values were refused (see --overwrite), 7 when something was left out or differs."
        })
final class EtcdCommand extends MigrateBase {
    @Parameters(index = "0", paramLabel = "HOST:PORT[,...]", description = "The servers of etcd, for clients.")
    String servers = "";

    @Parameters(index = "1", paramLabel = "PREFIX", description = "What to copy, the key itself included.")
    String prefix = "";

    @Option(
            names = "--source-ca",
            paramLabel = "FILE",
            description =
                    "Speak TLS to the source; PEM with the authorities that its certificates are checked against.")
    @Nullable
    Path authorities;

    @Option(
            names = "--source-cert",
            paramLabel = "FILE",
            description = "PEM with the certificate that the source is shown; with --source-key and --source-ca.")
    @Nullable
    Path certificate;

    @Option(names = "--source-key", paramLabel = "FILE", description = "PEM with the key of that certificate.")
    @Nullable
    Path key;

    EtcdCommand(CommandContext context) {
        super(context);
    }

    @Override
    Source open(String target, Duration patience) throws InterruptedException {
        if (!servers.matches("[^/,\\s]+:\\d{1,5}(,[^/,\\s]+:\\d{1,5})*")) {
            throw CommandFailure.usage("'" + servers + "' must be HOST:PORT[,HOST:PORT...]");
        }
        return new EtcdSource(servers, security(), EtcdKeys.prefix(prefix), target, patience, credential());
    }

    private ChannelCredentials security() {
        Path trusted = authorities;
        Path shown = certificate;
        Path secret = key;
        if ((shown == null) != (secret == null) || shown != null && trusted == null) {
            throw CommandFailure.usage("--source-cert, --source-key and --source-ca belong together");
        }
        if (trusted == null) {
            return InsecureChannelCredentials.create();
        }
        try {
            TlsChannelCredentials.Builder tls =
                    TlsChannelCredentials.newBuilder().trustManager(trusted.toFile());
            return shown == null || secret == null
                    ? tls.build()
                    : tls.keyManager(shown.toFile(), secret.toFile()).build();
        } catch (IOException e) {
            throw CommandFailure.usage("a TLS file of the source cannot be read: " + e.getMessage());
        }
    }

    @Override
    String standardTarget() {
        String path = EtcdKeys.prefix(prefix);
        return context.path(path.startsWith("/") ? path : "/" + path);
    }
}
