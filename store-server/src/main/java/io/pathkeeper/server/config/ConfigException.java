package io.pathkeeper.server.config;

/** The configuration cannot be used. The message is one line that names key, value, allowed range and where the value came from. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes one with its line for the user. */
    public ConfigException(String message) {
        super(message);
    }
}
