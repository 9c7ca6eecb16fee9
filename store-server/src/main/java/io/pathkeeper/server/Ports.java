package io.pathkeeper.server;

import io.pathkeeper.server.config.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Finds out before anything is started whether an address can be listened on. */
final class Ports {
    private Ports() {}

    /** The address, with a free port in place of 0. */
    static Address check(String key, Address address) throws StartException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()), 1);
            return new Address(address.host(), socket.getLocalPort());
        } catch (UnknownHostException e) {
            throw new StartException(ExitCode.PORT, key + ": the host of " + address + " is not known here", e);
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.PORT,
                    key + ": cannot listen on " + address + ": " + e.getMessage()
                            + "; stop what uses the port, or choose another",
                    e);
        }
    }
}
