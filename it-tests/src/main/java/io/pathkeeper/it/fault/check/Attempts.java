package io.pathkeeper.it.fault.check;

import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverHistory.Attempt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What clients tried to change, and were not refused: nothing else may have happened, and nothing more often. Used by one thread at a time. */
final class Attempts {
    private final Map<Attempt, Integer> possible = new HashMap<>();

    void add(Attempt attempt) {
        possible.merge(attempt, 1, Integer::sum);
    }

    void refused(Attempt attempt) {
        possible.merge(attempt, -1, Integer::sum);
    }

    /** Looks at all changes, those of one revision together; what a recursive deletion takes along was not asked for by itself. */
    List<String> violations(Collection<Map<String, ObservedEvent>> revisions) {
        List<String> violations = new ArrayList<>();
        Map<Attempt, Integer> left = new HashMap<>(possible);
        for (Map<String, ObservedEvent> events : revisions) {
            for (ObservedEvent event : events.values()) {
                Attempt attempt = new Attempt(event.path(), event.kind(), event.value());
                if (event.kind() == Kind.DELETED && isTakenAlong(event.path(), events)) {
                    continue;
                }
                if (!possible.containsKey(attempt)) {
                    violations.add("nobody wrote: " + event);
                } else if (left.merge(attempt, -1, Integer::sum) < 0) {
                    violations.add("done more often than tried, refused tries not counted: " + event);
                }
            }
        }
        return violations;
    }

    private static boolean isTakenAlong(String path, Map<String, ObservedEvent> events) {
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (events.containsKey(Kind.DELETED + " " + path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }
}
