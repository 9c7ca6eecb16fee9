package io.pathkeeper.server.raft;

import io.pathkeeper.server.wire.TlsEndpoint;
import javax.net.ssl.SSLException;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.security.TlsConf;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.netty.handler.codec.http2.Http2SecurityUtil;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ApplicationProtocolConfig;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ApplicationProtocolNames;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.JdkSslContext;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SupportedCipherSuiteFilter;

/** TLS between the servers, both directions, in the forms of Ratis's transport. Always mutual, by the JDK. */
final class RaftTls {
    private RaftTls() {}

    /** For those who connect to this server. */
    static SslContext forServer(TlsEndpoint tls) {
        return new JdkSslContext(
                tls.server(),
                false,
                Http2SecurityUtil.CIPHERS,
                SupportedCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2),
                ClientAuth.REQUIRE,
                tls.protocols().toArray(new String[0]),
                false);
    }

    /** For connections to the other servers. */
    static SslContext forClient(TlsEndpoint tls) {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .keyManager(tls.key())
                    .trustManager(tls.trust())
                    .protocols(tls.protocols())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS to the other servers cannot be set up: " + e.getMessage(), e);
        }
    }

    /** For the connections that Ratis opens by itself. */
    static GrpcTlsConfig forRatis(TlsEndpoint tls) {
        TlsConf.Builder builder = GrpcTlsConfig.newBuilder()
                .setName("raft")
                .setMutualTls(true)
                .setKeyManager(tls.key())
                .setTrustManager(tls.trust())
                .setSslProvider(SslProvider.JDK)
                .setProtocols(tls.protocols());
        return (GrpcTlsConfig) builder.build();
    }
}
