package io.pathkeeper.client.access;

import java.util.Set;

/**
 * Allows or denies verbs on a path and everything below it.
 *
 * @param path absolute; a name in it that is <code>${principal}</code> stands for the name of whoever asks
 * @param verbs what is allowed or denied; at least one
 * @param deny whether it denies; a rule that denies goes before all that allow
 */
public record AccessRule(String path, Set<Verb> verbs, boolean deny) {
    /** Copies the verbs. */
    public AccessRule {
        verbs = Set.copyOf(verbs);
    }

    /** Makes a rule that allows. */
    public static AccessRule allow(String path, Verb... verbs) {
        return new AccessRule(path, Set.of(verbs), false);
    }

    /** Makes a rule that denies. */
    public static AccessRule deny(String path, Verb... verbs) {
        return new AccessRule(path, Set.of(verbs), true);
    }
}
