package io.pathkeeper.pathctl;

import picocli.CommandLine.IVersionProvider;

/** Tells the version from the manifest of the jar. */
public final class PathctlVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"pathctl " + version()};
    }

    /** Returns the version, or {@code development} when the classes do not come from the jar. */
    public static String version() {
        String version = PathctlVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
