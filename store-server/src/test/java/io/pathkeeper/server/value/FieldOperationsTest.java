package io.pathkeeper.server.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.value.FieldOperation.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FieldOperationsTest {
    private static final byte[] NONE = {};
    private static final Value ONE = new Value.Int(1);
    private static final Value NULL = Value.Null.INSTANCE;

    private static Value map(Object... entries) {
        List<Value.Field> fields = new ArrayList<>();
        for (int i = 0; i < entries.length; i += 2) {
            fields.add(new Value.Field((String) entries[i], (Value) entries[i + 1]));
        }
        return Value.Fields.sorted(fields);
    }

    private static Value list(Value... items) {
        return new Value.Items(List.of(items));
    }

    private static FieldOperation operation(Type type, String pointer, Value operand) {
        return new FieldOperation(type, pointer, ValueEncoding.encode(operand), FieldOperation.NO_INDEX, 0);
    }

    private static FieldOperation indexed(Type type, String pointer, Value operand, long index) {
        return new FieldOperation(type, pointer, ValueEncoding.encode(operand), index, 0);
    }

    private static FieldOperation plain(Type type, String pointer, long delta) {
        return new FieldOperation(type, pointer, NONE, FieldOperation.NO_INDEX, delta);
    }

    private static PatchOutcome apply(Value value, FieldOperation... operations) {
        return FieldOperations.apply(ValueEncoding.encode(value), List.of(operations), ValueLimits.DEFAULT);
    }

    private static void patched(Value value, Value expected, FieldOperation... operations) {
        PatchOutcome outcome = apply(value, operations);
        assertThat(outcome).isInstanceOf(PatchOutcome.Patched.class);
        assertThat(ValueEncoding.decode(((PatchOutcome.Patched) outcome).value()))
                .isEqualTo(expected);
    }

    private static void refused(
            Value value, PatchOutcome.Problem problem, int index, String text, FieldOperation... operations) {
        assertThat(apply(value, operations)).isInstanceOfSatisfying(PatchOutcome.Refused.class, refused -> {
            assertThat(refused.problem()).isEqualTo(problem);
            assertThat(refused.index()).isEqualTo(index);
            assertThat(refused.text()).contains(text);
        });
    }

    @Test
    void setsFieldsItemsAndTheWholeValue() {
        patched(map("a", NULL), map("a", ONE), operation(Type.SET, "/a", ONE));
        patched(map(), map("a", ONE), operation(Type.SET, "/a", ONE));
        patched(map(), map("", ONE), operation(Type.SET, "/", ONE));
        patched(map("a", list(NULL)), map("a", list(ONE)), operation(Type.SET, "/a/0", ONE));
        patched(list(NULL), list(NULL, ONE), operation(Type.SET, "/-", ONE));
        patched(list(NULL), list(NULL, ONE), operation(Type.SET, "/1", ONE));
        patched(list(NULL), ONE, operation(Type.SET, "", ONE));
        patched(map("a/b", map("m~n", NULL)), map("a/b", map("m~n", ONE)), operation(Type.SET, "/a~1b/m~0n", ONE));
        refused(map(), PatchOutcome.Problem.FIELD_NOT_FOUND, 0, "no field \"a\"", operation(Type.SET, "/a/b", ONE));
        refused(list(), PatchOutcome.Problem.FIELD_NOT_FOUND, 0, "no position 1", operation(Type.SET, "/1", ONE));
        refused(ONE, PatchOutcome.Problem.FIELD_TYPE, 0, "an integer", operation(Type.SET, "/a", ONE));
    }

    @Test
    void setsWhatIsAbsentOnly() {
        patched(map("a", NULL), map("a", NULL), operation(Type.SET_IF_ABSENT, "/a", ONE));
        patched(map(), map("a", ONE), operation(Type.SET_IF_ABSENT, "/a", ONE));
    }

    @Test
    void removesWhatIsThere() {
        patched(map("a", ONE, "b", ONE), map("b", ONE), operation(Type.REMOVE, "/a", NULL));
        patched(list(NULL, ONE), list(ONE), operation(Type.REMOVE, "/0", NULL));
        refused(map(), PatchOutcome.Problem.FIELD_NOT_FOUND, 0, "removed", operation(Type.REMOVE, "/a", NULL));
        refused(map(), PatchOutcome.Problem.POINTER_INVALID, 0, "whole value", operation(Type.REMOVE, "", NULL));
    }

    /** The examples of RFC 7396, appendix A, as far as they fit into values. */
    @Test
    void mergesAsTheStandardSays() {
        Value b = new Value.Text("b");
        Value c = new Value.Text("c");
        merged(map("a", b), map("a", c), map("a", c));
        merged(map("a", b), map("b", c), map("a", b, "b", c));
        merged(map("a", b), map("a", NULL), map());
        merged(map("a", b, "b", c), map("a", NULL), map("b", c));
        merged(map("a", list(b)), map("a", c), map("a", c));
        merged(map("a", c), map("a", list(b)), map("a", list(b)));
        merged(map("a", map("b", c)), map("a", map("b", ONE, "c", NULL)), map("a", map("b", ONE)));
        merged(map("a", list(map("b", c))), map("a", list(ONE)), map("a", list(ONE)));
        merged(list(b), list(c), list(c));
        merged(map("a", b), list(c), list(c));
        merged(map("a", b), NULL, NULL);
        merged(map("e", NULL), map("a", ONE), map("a", ONE, "e", NULL));
        merged(list(ONE), map("a", b, "c", NULL), map("a", b));
        merged(map(), map("a", map("bb", map("ccc", NULL))), map("a", map("bb", map())));
    }

    private static void merged(Value value, Value patch, Value expected) {
        patched(value, expected, operation(Type.MERGE, "", patch));
        patched(map("x", value), map("x", expected), operation(Type.MERGE, "/x", patch));
    }

    @Test
    void changesLists() {
        patched(list(), list(ONE), operation(Type.LIST_APPEND, "", ONE));
        patched(map(), map("l", list(ONE)), operation(Type.LIST_APPEND, "/l", ONE));
        patched(list(NULL), list(ONE, NULL), indexed(Type.LIST_INSERT, "", ONE, 0));
        patched(list(NULL), list(NULL, ONE), indexed(Type.LIST_INSERT, "", ONE, 1));
        patched(list(NULL, ONE), list(ONE), indexed(Type.LIST_REMOVE, "", NULL, 0));
        patched(list(NULL, ONE, ONE), list(NULL, ONE), operation(Type.LIST_REMOVE, "", new Value.Real(1)));
        refused(map(), PatchOutcome.Problem.FIELD_TYPE, 0, "a map", operation(Type.LIST_APPEND, "", ONE));
        refused(list(), PatchOutcome.Problem.FIELD_NOT_FOUND, 0, "place 1", indexed(Type.LIST_INSERT, "", ONE, 1));
        refused(list(), PatchOutcome.Problem.FIELD_NOT_FOUND, 0, "place -5", indexed(Type.LIST_INSERT, "", ONE, -5));
        refused(list(), PatchOutcome.Problem.POINTER_INVALID, 0, "index", operation(Type.LIST_INSERT, "", ONE));
        refused(map(), PatchOutcome.Problem.FIELD_NOT_FOUND, 0, "nothing", indexed(Type.LIST_INSERT, "/l", ONE, 0));
        refused(list(NULL), PatchOutcome.Problem.FIELD_NOT_FOUND, 0, "equals", operation(Type.LIST_REMOVE, "", ONE));
        refused(list(), PatchOutcome.Problem.FIELD_NOT_FOUND, 0, "no item 0", indexed(Type.LIST_REMOVE, "", ONE, 0));
    }

    @Test
    void incrementsIntegersWithinTheirRange() {
        patched(map("n", ONE), map("n", new Value.Int(-4)), plain(Type.INCREMENT, "/n", -5));
        patched(map(), map("n", new Value.Int(7)), plain(Type.INCREMENT, "/n", 7));
        patched(new Value.Int(Long.MAX_VALUE - 1), new Value.Int(Long.MAX_VALUE), plain(Type.INCREMENT, "", 1));
        refused(
                new Value.Int(Long.MAX_VALUE),
                PatchOutcome.Problem.INT_OVERFLOW,
                0,
                "9223372036854775807",
                plain(Type.INCREMENT, "", 1));
        refused(new Value.Int(Long.MIN_VALUE), PatchOutcome.Problem.INT_OVERFLOW, 0, "", plain(Type.INCREMENT, "", -1));
        refused(new Value.Real(1), PatchOutcome.Problem.FIELD_TYPE, 0, "a double", plain(Type.INCREMENT, "", 1));
        refused(NULL, PatchOutcome.Problem.FIELD_TYPE, 0, "null", plain(Type.INCREMENT, "", 1));
    }

    @Test
    void testsBeforeItChanges() {
        patched(map("a", ONE), map("a", NULL), operation(Type.TEST, "/a", ONE), operation(Type.SET, "/a", NULL));
        refused(
                map("a", ONE),
                PatchOutcome.Problem.TEST_FAILED,
                1,
                "operation 1 (TEST)",
                operation(Type.SET, "/b", ONE),
                operation(Type.TEST, "/a", NULL));
        refused(map(), PatchOutcome.Problem.TEST_FAILED, 0, "nothing", operation(Type.TEST, "/a", NULL));
    }

    @Test
    void refusesWhatIsNoPointer() {
        refused(map(), PatchOutcome.Problem.POINTER_INVALID, 0, "no JSON Pointer", operation(Type.SET, "a", ONE));
        refused(map(), PatchOutcome.Problem.POINTER_INVALID, 0, "no JSON Pointer", operation(Type.SET, "/~2", ONE));
        refused(map(), PatchOutcome.Problem.POINTER_INVALID, 0, "no JSON Pointer", operation(Type.SET, "/~", ONE));
        refused(list(ONE), PatchOutcome.Problem.POINTER_INVALID, 0, "position", operation(Type.SET, "/01", ONE));
        refused(list(ONE), PatchOutcome.Problem.POINTER_INVALID, 0, "position", operation(Type.SET, "/x", ONE));
        refused(
                map(),
                PatchOutcome.Problem.POINTER_INVALID,
                0,
                "100000 names",
                operation(Type.SET, "/a".repeat(100_000), ONE));
    }

    @Test
    void checksTheResultAgainstTheLimits() {
        Value full = new Value.Bytes(new byte[(1 << 20) - 100]);
        refused(
                map("a", full),
                PatchOutcome.Problem.VALUE_TOO_LARGE,
                -1,
                "the limit is 1048576",
                operation(Type.SET, "/b", new Value.Bytes(new byte[100])));
        Value many = new Value.Items(Collections.nCopies(65_536, NULL));
        refused(many, PatchOutcome.Problem.VALUE_INVALID, -1, "65536 items", operation(Type.LIST_APPEND, "", NULL));
        Value deep = NULL;
        for (int i = 0; i < 31; i++) {
            deep = list(deep);
        }
        refused(list(), PatchOutcome.Problem.VALUE_INVALID, -1, "32 levels", operation(Type.SET, "/-", deep));
    }

    @Test
    void comparesNumbersExactly() {
        assertThat(ValueComparison.equal(new Value.Int(1L << 53), new Value.Real(0x1p53)))
                .isTrue();
        assertThat(ValueComparison.equal(new Value.Int((1L << 53) + 1), new Value.Real(0x1p53)))
                .isFalse();
        assertThat(ValueComparison.order(new Value.Int((1L << 53) + 1), new Value.Real(0x1p53)))
                .isEqualTo(1);
        assertThat(ValueComparison.order(new Value.Int(Long.MAX_VALUE), new Value.Real(0x1p63)))
                .isEqualTo(-1);
        assertThat(ValueComparison.order(new Value.Real(-0x1p63), new Value.Int(Long.MIN_VALUE)))
                .isZero();
        assertThat(ValueComparison.order(new Value.Real(-1e300), new Value.Int(Long.MIN_VALUE)))
                .isEqualTo(-1);
        assertThat(ValueComparison.order(new Value.Int(-1), new Value.Real(-1.5)))
                .isEqualTo(1);
        assertThat(ValueComparison.order(ONE, new Value.Text("1"))).isEqualTo(ValueComparison.UNORDERED);
        assertThat(ValueComparison.order(new Value.Text("\uFFEF"), new Value.Text("😀")))
                .isEqualTo(-1);
        assertThat(ValueComparison.order(new Value.Bytes(new byte[] {-1}), new Value.Bytes(new byte[] {1})))
                .isEqualTo(1);
        assertThat(ValueComparison.equal(list(ONE), list(new Value.Real(1)))).isTrue();
        assertThat(ValueComparison.equal(map("a", ONE), map("b", ONE))).isFalse();
    }
}
