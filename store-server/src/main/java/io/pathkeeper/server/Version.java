package io.pathkeeper.server;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Version of this server, from the manifest of its jar. */
final class Version {
    private static final String UNKNOWN = "unknown";

    private Version() {}

    static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }

    /** The commit that the jar was built from; {@code unknown} outside of a jar, and when it was built from sources without a repository. */
    static String commit() {
        CodeSource source = Version.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? UNKNOWN : commit(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            return UNKNOWN;
        }
    }

    private static String commit(URI place) {
        Path file = Path.of(place);
        if (!Files.isRegularFile(file)) {
            return UNKNOWN;
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            String commit =
                    manifest == null ? null : manifest.getMainAttributes().getValue("Build-Commit");
            return commit == null || !commit.matches("[0-9a-f]{7,40}") ? UNKNOWN : commit;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
