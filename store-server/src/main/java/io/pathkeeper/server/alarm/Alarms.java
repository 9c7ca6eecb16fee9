package io.pathkeeper.server.alarm;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alarms of one server. Whoever finds something wrong raises one and clears it when it finds it well again, as often as it looks: only changes
 * are logged. Subjects come from the code and the configuration, never from requests, so there are few. Any thread, never waits.
 */
public final class Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    private final LongSupplier wallClock;
    private final ConcurrentHashMap<Key, Alarm> raised = new ConcurrentHashMap<>();

    private record Key(AlarmType type, String subject) {}

    /** With a wall clock in milliseconds since 1970. */
    public Alarms(LongSupplier wallClock) {
        this.wallClock = wallClock;
    }

    /** Something is wrong; an alarm that is there keeps its time and takes the new message. */
    public void raise(AlarmType type, String subject, String message) {
        raised.compute(new Key(type, subject), (key, known) -> {
            if (known != null && known.message().equals(message)) {
                return known;
            }
            LOG.atWarn()
                    .addKeyValue("type", type)
                    .addKeyValue("subject", subject)
                    .addKeyValue("message", message)
                    .log("alarm");
            return new Alarm(type, subject, message, known == null ? wallClock.getAsLong() : known.sinceMillis());
        });
    }

    /** It is well again. */
    public void clear(AlarmType type, String subject) {
        if (raised.remove(new Key(type, subject)) != null) {
            LOG.atInfo()
                    .addKeyValue("type", type)
                    .addKeyValue("subject", subject)
                    .log("alarm cleared");
        }
    }

    /** Raises or clears: an empty message says that all is well. */
    public void set(AlarmType type, String subject, String message) {
        if (message.isEmpty()) {
            clear(type, subject);
        } else {
            raise(type, subject, message);
        }
    }

    /** Those that are raised now, the oldest first. */
    public List<Alarm> list() {
        Collection<Alarm> now = raised.values();
        return now.stream()
                .sorted(Comparator.comparingLong(Alarm::sinceMillis)
                        .thenComparing(Alarm::type)
                        .thenComparing(Alarm::subject))
                .toList();
    }

    /** How many of a kind are raised now. */
    public long count(AlarmType type) {
        return raised.keySet().stream().filter(key -> key.type() == type).count();
    }
}
