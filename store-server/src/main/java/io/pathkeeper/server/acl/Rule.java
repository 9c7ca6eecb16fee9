package io.pathkeeper.server.acl;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Allows or denies verbs on a path and everything below it.
 *
 * @param path absolute path; a name that is {@link #PRINCIPAL} stands for the name of whoever asks
 * @param verbs at least one
 * @param deny whether it denies; a rule that denies goes before every rule that allows
 */
public record Rule(String path, Set<Verb> verbs, boolean deny) {
    /** Stands for the principal's name. */
    public static final String PRINCIPAL = "${principal}";

    /** Copies the verbs. */
    public Rule {
        verbs = Set.copyOf(EnumSet.copyOf(verbs));
    }

    /** The names of the path; none for the root. */
    List<String> names() {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }

    /** Whether the rule is about a path, for a principal. */
    boolean covers(String principal, String other) {
        if (path.equals("/")) {
            return true;
        }
        List<String> wanted = names();
        String[] found = other.equals("/") ? new String[0] : other.substring(1).split("/", -1);
        if (found.length < wanted.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            String name = wanted.get(i).equals(PRINCIPAL) ? principal : wanted.get(i);
            if (!name.equals(found[i])) {
                return false;
            }
        }
        return true;
    }
}
