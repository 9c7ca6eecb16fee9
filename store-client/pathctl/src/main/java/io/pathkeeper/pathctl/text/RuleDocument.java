package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.access.AccessRule;
import io.pathkeeper.client.access.Verb;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rules of a role as people write them: {@code read,write:/app}, or a document as {@code roles show --output json} prints it. */
public final class RuleDocument {
    private static final String VERBS = "read, observe, create, write, delete, admin";

    private RuleDocument() {}

    /**
     * Returns the rule {@code VERBS:PATH}.
     *
     * @throws CommandFailure with exit code 2 when it is none
     */
    public static AccessRule rule(String text, boolean deny) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw CommandFailure.usage("'" + text + "' is no rule; write VERBS:PATH, such as read,observe:/app");
        }
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        Arrays.stream(text.substring(0, colon).split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(name -> verbs.add(verb(name)));
        String path = text.substring(colon + 1);
        if (verbs.isEmpty()) {
            throw CommandFailure.usage("'" + text + "' names no verb; there are " + VERBS);
        }
        if (!path.startsWith("/")) {
            throw CommandFailure.usage("'" + text + "' has the path '" + path + "', which must begin with /");
        }
        return new AccessRule(path, verbs, deny);
    }

    private static Verb verb(String name) {
        for (Verb verb : Verb.values()) {
            if (verb.name().equals(name.toUpperCase(Locale.ROOT))) {
                return verb;
            }
        }
        throw CommandFailure.usage("'" + name + "' is no verb; there are " + VERBS);
    }

    /**
     * Returns the rules of a document.
     *
     * @param where what it is, for messages
     * @throws CommandFailure with exit code 2 when the document is not as it should be
     */
    public static List<AccessRule> read(String where, Value value) {
        Fields document = new Fields(where, value);
        document.text("name"); // of the role that it was made from
        document.requiredValue("rules");
        List<AccessRule> rules = new ArrayList<>();
        for (Value item : document.list("rules")) {
            Fields rule = new Fields(where + ", rule " + rules.size(), item);
            String path = rule.requiredText("path");
            Set<Verb> verbs = EnumSet.noneOf(Verb.class);
            for (Value verb : rule.list("verbs")) {
                if (verb.type() != Value.Type.STRING) {
                    throw rule.problem("has a verb that is " + Kinds.name(verb));
                }
                verbs.add(verb(verb.asString()));
            }
            if (verbs.isEmpty()) {
                throw rule.problem("needs \"verbs\"; there are " + VERBS);
            }
            boolean deny = rule.truth("deny");
            rule.done();
            rules.add(new AccessRule(path, verbs, deny));
        }
        document.done();
        return rules;
    }
}
