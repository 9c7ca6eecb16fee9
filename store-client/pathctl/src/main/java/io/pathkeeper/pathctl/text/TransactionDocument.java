package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.model.Comparison;
import io.pathkeeper.client.model.Condition;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.DurationConverter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/**
 * The JSON document of {@code txn}: {@code {"if": [CONDITION...], "then": [OPERATION...], "else": [OPERATION...]}}, each list
 * optional. The forms of conditions and operations stand in {@link #HELP}.
 */
public final class TransactionDocument {
    /** The forms, for the help of the command. */
    public static final List<String> HELP = List.of(
            "Conditions:",
            "  {\"path\": P, \"exists\": true|false}     {\"path\": P, \"version\": N}",
            "  {\"path\": P, \"modified_revision\": N}   {\"path\": P, \"child_count\": N}",
            "  {\"path\": P, \"value\": V}",
            "  {\"path\": P, \"field\": POINTER, \"exists\": true}",
            "  {\"path\": P, \"field\": POINTER, C: V}   with C one of equal, not_equal, less, less_or_equal,",
            "                                        greater, greater_or_equal",
            "Operations:",
            "  {\"create\": P, \"value\": V, \"kind\": \"persistent\"|\"container\"|\"ttl\", \"ttl\": \"30s\",",
            "   \"parents\": true, \"sequential\": true, \"content_type\": T}",
            "  {\"set\": P, \"value\": V, \"allow_missing\": true, \"if_changed\": true, \"content_type\": T,",
            "   \"expected_version\": N, \"expected_revision\": N}",
            "  {\"patch\": P, \"operations\": [FIELD_OPERATION...], \"expected_version\": N, \"expected_revision\": N}",
            "  {\"delete\": P, \"recursive\": true, \"expected_version\": N, \"expected_revision\": N}",
            "  {\"get\": P}",
            "Field operations: as in the help of patch.");

    private static final Map<String, Comparison> COMPARISONS = Map.of(
            "equal", Comparison.EQUAL,
            "not_equal", Comparison.NOT_EQUAL,
            "less", Comparison.LESS,
            "less_or_equal", Comparison.LESS_OR_EQUAL,
            "greater", Comparison.GREATER,
            "greater_or_equal", Comparison.GREATER_OR_EQUAL);

    private TransactionDocument() {}

    /**
     * Returns the transaction that a document describes.
     *
     * @throws CommandFailure with exit code 2 when it is not as it should be; the message says where
     */
    public static Transaction read(Value document) {
        Fields fields = new Fields("the transaction", document);
        List<Condition> conditions = new ArrayList<>();
        for (Value condition : fields.list("if")) {
            conditions.add(condition("if[" + conditions.size() + "]", condition));
        }
        List<Operation> then = operations("then", fields.list("then"));
        List<Operation> otherwise = operations("else", fields.list("else"));
        fields.done();
        return Transaction.when(conditions).then(then).otherwise(otherwise);
    }

    private static Condition condition(String where, Value document) {
        Fields fields = new Fields(where, document);
        String path = fields.requiredText("path");
        Condition condition = fields.has("field") ? fieldCondition(fields, path) : znodeCondition(fields, path);
        fields.done();
        return condition;
    }

    private static Condition znodeCondition(Fields fields, String path) {
        String test = fields.exactlyOne(List.of("exists", "version", "modified_revision", "child_count", "value"));
        return switch (test) {
            case "exists" -> fields.truth(test) ? Condition.exists(path) : Condition.notExists(path);
            case "version" -> Condition.version(path, requiredInteger(fields, test));
            case "modified_revision" -> Condition.modifiedRevision(path, requiredInteger(fields, test));
            case "child_count" -> Condition.childCount(path, requiredInteger(fields, test));
            default -> Condition.valueEquals(path, fields.requiredValue(test));
        };
    }

    private static Condition fieldCondition(Fields fields, String path) {
        String pointer = fields.requiredText("field");
        List<String> tests = new ArrayList<>(COMPARISONS.keySet());
        tests.sort(null);
        tests.add("exists");
        String test = fields.exactlyOne(tests);
        Comparison comparison = COMPARISONS.get(test);
        if (comparison != null) {
            return Condition.field(path, pointer, comparison, fields.requiredValue(test));
        }
        if (!fields.truth(test)) {
            throw fields.problem("can ask of a field only \"exists\": true");
        }
        return Condition.fieldExists(path, pointer);
    }

    private static List<Operation> operations(String list, List<Value> documents) {
        List<Operation> operations = new ArrayList<>();
        for (Value document : documents) {
            operations.add(operation(list + "[" + operations.size() + "]", document));
        }
        return operations;
    }

    private static Operation operation(String where, Value document) {
        Fields fields = new Fields(where, document);
        String name = fields.exactlyOne(List.of("create", "set", "patch", "delete", "get"));
        String path = fields.requiredText(name);
        Operation operation = switch (name) {
            case "create" -> Operation.create(path, fields.valueOrNull("value"), createOptions(fields));
            case "set" -> Operation.set(path, fields.requiredValue("value"), setOptions(fields));
            case "patch" -> patch(fields, path);
            case "delete" -> Operation.delete(path, deleteOptions(fields));
            default -> Operation.get(path);
        };
        fields.done();
        return operation;
    }

    private static CreateOptions createOptions(Fields fields) {
        CreateOptions options =
                CreateOptions.defaults().createParents(fields.truth("parents")).sequential(fields.truth("sequential"));
        String kind = fields.text("kind");
        if (kind != null) {
            options = options.kind(kind(fields, kind));
        }
        String ttl = fields.text("ttl");
        if (ttl != null) {
            try {
                options = options.ttl(new DurationConverter().convert(ttl));
            } catch (TypeConversionException e) {
                throw fields.problem("has a bad \"ttl\": " + e.getMessage());
            }
        }
        String contentType = fields.text("content_type");
        return contentType == null ? options : options.contentType(contentType);
    }

    private static ZnodeKind kind(Fields fields, String name) {
        for (ZnodeKind kind : List.of(ZnodeKind.PERSISTENT, ZnodeKind.CONTAINER, ZnodeKind.TTL)) {
            if (Kinds.kind(kind).equals(name.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw fields.problem("has the kind \"" + name + "\"; there are persistent, container and ttl");
    }

    private static SetOptions setOptions(Fields fields) {
        SetOptions options = SetOptions.defaults()
                .allowMissing(fields.truth("allow_missing"))
                .ifChanged(fields.truth("if_changed"));
        Long version = fields.integer("expected_version");
        Long revision = fields.integer("expected_revision");
        String contentType = fields.text("content_type");
        options = version == null ? options : options.expectedVersion(version);
        options = revision == null ? options : options.expectedRevision(revision);
        return contentType == null ? options : options.contentType(contentType);
    }

    private static DeleteOptions deleteOptions(Fields fields) {
        DeleteOptions options = DeleteOptions.defaults().recursive(fields.truth("recursive"));
        Long version = fields.integer("expected_version");
        Long revision = fields.integer("expected_revision");
        options = version == null ? options : options.expectedVersion(version);
        return revision == null ? options : options.expectedRevision(revision);
    }

    private static Operation patch(Fields fields, String path) {
        Patch patch = Patch.create();
        List<Value> documents = fields.list("operations");
        if (documents.isEmpty()) {
            throw fields.problem("needs \"operations\": [...]");
        }
        for (int i = 0; i < documents.size(); i++) {
            patch = PatchDocument.add(patch, fields.where() + ".operations[" + i + "]", documents.get(i));
        }
        io.pathkeeper.client.model.PatchOptions options = io.pathkeeper.client.model.PatchOptions.defaults();
        Long version = fields.integer("expected_version");
        Long revision = fields.integer("expected_revision");
        options = version == null ? options : options.expectedVersion(version);
        options = revision == null ? options : options.expectedRevision(revision);
        return Operation.patch(path, patch, options);
    }

    private static long requiredInteger(Fields fields, String name) {
        Long number = fields.integer(name);
        if (number == null) {
            throw fields.problem("needs \"" + name + "\"");
        }
        return number;
    }
}
