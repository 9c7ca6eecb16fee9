package io.pathkeeper.server.config;

/**
 * A host and a port. The host is a name or an address, never resolved here.
 *
 * @param host name, IPv4 address, or IPv6 address without brackets
 * @param port 0 to 65535; 0 lets the system choose
 */
public record Address(String host, int port) {
    /** Reads {@code host:port} or {@code [v6]:port}; throws IllegalArgumentException. */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' is no host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("'" + text + "': an IPv6 address stands in brackets");
        }
        String digits = text.substring(colon + 1);
        boolean good = !host.isBlank() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!good || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == ',' || c == '=' || c > 126)) {
            throw new IllegalArgumentException("'" + text + "' is no host:port");
        }
        int port = Integer.parseInt(digits);
        if (port > 65_535) {
            throw new IllegalArgumentException("'" + text + "': the port is above 65535");
        }
        return new Address(host, port);
    }

    static boolean isValid(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether only programs of the same machine can come in by it. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    /** {@code host:port}, an IPv6 host in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
