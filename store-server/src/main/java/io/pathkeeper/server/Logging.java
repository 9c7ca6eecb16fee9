package io.pathkeeper.server;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.pathkeeper.server.config.ServerConfig;
import java.net.URL;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** Sets level and form of the log of this process. */
final class Logging {
    /**
     * Libraries that log through the JDK tell of every connection that breaks or sends rubbish, with a stack trace. Held here, as the JDK
     * forgets the levels of loggers that nobody holds.
     */
    private static final List<java.util.logging.Logger> CHATTY = List.of(
            java.util.logging.Logger.getLogger("io.grpc"),
            java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty.io.grpc"));

    private Logging() {}

    /** Configures the log anew. A log implementation other than the one that is shipped is left alone. */
    static void configure(ServerConfig.Log log) {
        CHATTY.forEach(logger -> logger.setLevel(java.util.logging.Level.SEVERE));
        URL file = Logging.class.getResource("/logback.xml");
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context) || file == null) {
            return;
        }
        context.reset();
        context.putProperty("pathkeeper.log.level", log.level().toUpperCase(Locale.ROOT));
        context.putProperty("pathkeeper.log.format", log.format());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(file);
        } catch (JoranException e) {
            throw new IllegalStateException("the log's configuration cannot be read", e);
        }
    }
}
