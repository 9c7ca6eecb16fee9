package io.pathkeeper.server.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Lets endpoints know from where a call comes. Stands only around the services that ask for it. */
final class CallerAddress implements ServerInterceptor {
    private static final Context.Key<String> KEY = Context.key("caller-address");

    /** The address of the present call, host:port; empty when it is not known. On the thread that reads the call. */
    static String current() {
        String address = KEY.get();
        return address == null ? "" : address;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return Contexts.interceptCall(Context.current().withValue(KEY, of(call)), call, headers, next);
    }

    /** The address from where a call comes, host:port; empty when it is not known. */
    static String of(ServerCall<?, ?> call) {
        return text(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    }

    private static String text(@Nullable SocketAddress remote) {
        if (remote instanceof InetSocketAddress address) {
            String host = address.getAddress() == null
                    ? address.getHostString()
                    : address.getAddress().getHostAddress();
            return host.indexOf(':') < 0 ? host + ":" + address.getPort() : "[" + host + "]:" + address.getPort();
        }
        return remote == null ? "" : remote.toString();
    }
}
