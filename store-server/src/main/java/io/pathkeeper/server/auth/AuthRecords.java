package io.pathkeeper.server.auth;

import io.pathkeeper.server.acl.Binding;
import io.pathkeeper.server.acl.Role;
import io.pathkeeper.server.acl.Rule;
import io.pathkeeper.server.acl.Verb;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The form of the records below {@link AuthPaths#TOP}: typed maps in canonical encoding. Described in formats.md. Stateless. */
public final class AuthRecords {
    /** Number of the form, in the value of {@link AuthPaths#TOP}. */
    static final long FORMAT = 1;

    private AuthRecords() {}

    /** Value of {@link AuthPaths#TOP}. */
    public static byte[] top() {
        return RecordFields.empty().put("format", FORMAT).encode();
    }

    static void checkTop(byte[] value) {
        long format = RecordFields.read(value).number("format");
        if (format != FORMAT) {
            throw new RecordFields.DamagedRecordException(
                    "the format is " + format + ", this server knows " + FORMAT + ": a newer release wrote it");
        }
    }

    /** A user. */
    public static byte[] encode(User user) {
        RecordFields fields = RecordFields.empty()
                .put("groups", user.groups())
                .put("disabled", user.disabled())
                .put("credential", user.credential());
        PasswordHash password = user.password();
        if (password != null) {
            fields.put(
                    "password",
                    RecordFields.empty()
                            .put("algorithm", "PBKDF2WithHmacSHA512")
                            .put("iterations", password.iterations())
                            .put("salt", password.salt())
                            .put("hash", password.hash()));
        }
        return fields.encode();
    }

    static User user(String name, byte[] value) {
        RecordFields fields = RecordFields.read(value);
        RecordFields password = fields.map("password");
        return new User(
                name,
                password == null
                        ? null
                        : new PasswordHash(
                                Math.toIntExact(password.number("iterations")),
                                password.bytes("salt"),
                                password.bytes("hash")),
                Set.copyOf(fields.texts("groups")),
                fields.flag("disabled"),
                fields.number("credential"));
    }

    /** A role. */
    public static byte[] encode(Role role) {
        List<RecordFields> rules = new ArrayList<>();
        for (Rule rule : role.rules()) {
            rules.add(RecordFields.empty()
                    .put("path", rule.path())
                    .put("verbs", rule.verbs().stream().map(Verb::name).toList())
                    .put("deny", rule.deny()));
        }
        return RecordFields.empty().putMaps("rules", rules).encode();
    }

    static Role role(String name, byte[] value) {
        List<Rule> rules = new ArrayList<>();
        for (RecordFields rule : RecordFields.read(value).maps("rules")) {
            Set<Verb> verbs = EnumSet.noneOf(Verb.class);
            for (String verb : rule.texts("verbs")) {
                verbs.add(verb(verb));
            }
            if (verbs.isEmpty()) {
                throw new RecordFields.DamagedRecordException("a rule has no verbs");
            }
            rules.add(new Rule(rule.text("path"), verbs, rule.flag("deny")));
        }
        return new Role(name, rules);
    }

    private static Verb verb(String name) {
        try {
            return Verb.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new RecordFields.DamagedRecordException("the verb " + name + " is unknown");
        }
    }

    /** A binding. */
    public static byte[] encode(Binding binding) {
        return RecordFields.empty()
                .put("role", binding.role())
                .put("principals", binding.principals())
                .put("groups", binding.groups())
                .encode();
    }

    static Binding binding(byte[] value) {
        RecordFields fields = RecordFields.read(value);
        return new Binding(
                fields.text("role"), Set.copyOf(fields.texts("principals")), Set.copyOf(fields.texts("groups")));
    }

    /** A static token. */
    public static byte[] encode(StaticToken token) {
        return RecordFields.empty()
                .put("principal", token.principal())
                .put("digest", token.digest())
                .put("expires", token.expiresMillis())
                .put("created", token.createdMillis())
                .put("description", token.description())
                .encode();
    }

    static StaticToken token(String id, byte[] value) {
        RecordFields fields = RecordFields.read(value);
        return new StaticToken(
                id,
                fields.text("principal"),
                fields.bytes("digest"),
                fields.number("expires"),
                fields.number("created"),
                fields.text("description"));
    }

    /** The root path of a namespace. */
    public static byte[] encodeNamespace(String path) {
        return RecordFields.empty().put("path", path).encode();
    }

    static String namespace(byte[] value) {
        return RecordFields.read(value).text("path");
    }

    /** The key that sign-in tokens are signed with. */
    public static byte[] encodeKey(byte[] key) {
        return RecordFields.empty().put("key", key).encode();
    }

    static byte[] key(byte[] value) {
        return RecordFields.read(value).bytes("key");
    }
}
