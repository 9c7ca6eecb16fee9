package io.pathkeeper.server.rpc;

import io.grpc.StatusRuntimeException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Defects of the server that a call has met: the log gets everything, the user a number to find it by. */
final class Defects {
    private static final Logger LOG = LoggerFactory.getLogger(Defects.class);

    private Defects() {}

    /** Logs a defect and gives what the call ends with. */
    static StatusRuntimeException report(String what, Throwable error) {
        String id = Long.toHexString(ThreadLocalRandom.current().nextLong());
        LOG.atError().setCause(error).addKeyValue("error_id", id).log(what);
        return ErrorMapper.defect(id);
    }

    static void log(String what, String detail) {
        LOG.atError().addKeyValue("detail", detail).log(what);
    }
}
