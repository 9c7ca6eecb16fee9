package io.pathkeeper.server.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.pathkeeper.server.value.FieldOperation;
import io.pathkeeper.v1.ListValue;
import io.pathkeeper.v1.MapEntry;
import io.pathkeeper.v1.MapValue;
import io.pathkeeper.v1.NullValue;
import io.pathkeeper.v1.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values of the reference: plain Java collections, read and written by protobuf. Shares nothing with the code under test. A patch
 * that is refused throws {@link Refused}.
 */
final class NaiveValues {
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        final RejectReason reason;

        Refused(RejectReason reason) {
            super(reason.name());
            this.reason = reason;
        }
    }

    private NaiveValues() {}

    static Object read(byte[] encoding) {
        try {
            return encoding.length == 0 ? NULL : fromProto(Value.parseFrom(encoding));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("not a protobuf value: " + Arrays.toString(encoding), e);
        }
    }

    private static Object fromProto(Value value) {
        return switch (value.getKindCase()) {
            case NULL_VALUE, KIND_NOT_SET -> NULL;
            case BOOL_VALUE -> value.getBoolValue();
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case STRING_VALUE -> value.getStringValue();
            case BYTES_VALUE -> value.getBytesValue();
            case LIST_VALUE -> {
                List<Object> list = new ArrayList<>();
                value.getListValue().getItemsList().forEach(item -> list.add(fromProto(item)));
                yield list;
            }
            case MAP_VALUE -> {
                Map<ByteString, Object> map = newMap();
                value.getMapValue()
                        .getEntriesList()
                        .forEach(entry -> map.put(entry.getKeyBytes(), fromProto(entry.getValue())));
                yield map;
            }
        };
    }

    private static Map<ByteString, Object> newMap() {
        return new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    }

    static byte[] write(Object value) {
        return toProto(value).toByteArray();
    }

    private static Value toProto(Object value) {
        Value.Builder builder = Value.newBuilder();
        if (value == NULL) {
            builder.setNullValue(NullValue.NULL_VALUE_UNSPECIFIED);
        } else if (value instanceof Boolean bool) {
            builder.setBoolValue(bool);
        } else if (value instanceof Long number) {
            builder.setIntValue(number);
        } else if (value instanceof Double number) {
            builder.setDoubleValue(number);
        } else if (value instanceof String text) {
            builder.setStringValue(text);
        } else if (value instanceof ByteString bytes) {
            builder.setBytesValue(bytes);
        } else if (value instanceof List<?> list) {
            ListValue.Builder items = ListValue.newBuilder();
            list.forEach(item -> items.addItems(toProto(item)));
            builder.setListValue(items);
        } else {
            MapValue.Builder entries = MapValue.newBuilder();
            map(value)
                    .forEach((key, item) -> entries.addEntries(
                            MapEntry.newBuilder().setKeyBytes(key).setValue(toProto(item))));
            builder.setMapValue(entries);
        }
        return builder.build();
    }

    @SuppressWarnings("unchecked")
    private static Map<ByteString, Object> map(Object value) {
        return (Map<ByteString, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) throws Refused {
        if (!(value instanceof List)) {
            throw new Refused(RejectReason.FIELD_TYPE);
        }
        return (List<Object>) value;
    }

    private static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double;
    }

    private static BigDecimal exact(Object number) {
        return number instanceof Long whole ? new BigDecimal(whole) : new BigDecimal((Double) number);
    }

    static boolean equal(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return exact(a).compareTo(exact(b)) == 0;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            boolean equal = x.size() == y.size();
            for (int i = 0; equal && i < x.size(); i++) {
                equal = equal(x.get(i), y.get(i));
            }
            return equal;
        }
        if (a instanceof Map && b instanceof Map) {
            Map<ByteString, Object> x = map(a);
            Map<ByteString, Object> y = map(b);
            return x.keySet().equals(y.keySet()) && x.keySet().stream().allMatch(key -> equal(x.get(key), y.get(key)));
        }
        return a.equals(b);
    }

    /** Less than 0, 0, more than 0, or null when there is no order. */
    static Integer order(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return exact(a).compareTo(exact(b));
        }
        if (a instanceof String x && b instanceof String y) {
            return ByteString.unsignedLexicographicalComparator()
                    .compare(ByteString.copyFromUtf8(x), ByteString.copyFromUtf8(y));
        }
        if (a instanceof ByteString x && b instanceof ByteString y) {
            return ByteString.unsignedLexicographicalComparator().compare(x, y);
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return x.compareTo(y);
        }
        return null;
    }

    static String[] names(String pointer) throws Refused {
        if (pointer.isEmpty()) {
            return new String[0];
        }
        if (!pointer.startsWith("/") || pointer.matches(".*~([^01].*|$)")) {
            throw new Refused(RejectReason.POINTER_INVALID);
        }
        String[] names = pointer.substring(1).split("/", -1);
        for (int i = 0; i < names.length; i++) {
            names[i] = names[i].replace("~1", "/").replace("~0", "~");
        }
        return names;
    }

    /** What is there, or null. */
    static Object find(Object value, String[] names) {
        Object current = value;
        for (String name : names) {
            if (current instanceof Map) {
                current = map(current).get(ByteString.copyFromUtf8(name));
            } else if (current instanceof List<?> list && name.matches("0|[1-9][0-9]{0,8}")) {
                int index = Integer.parseInt(name);
                current = index < list.size() ? list.get(index) : null;
            } else {
                return null;
            }
        }
        return current;
    }

    /** The value after the operations; what went in is changed, too. */
    static Object patch(Object value, List<FieldOperation> operations) throws Refused {
        Object current = value;
        for (FieldOperation operation : operations) {
            current = patch(current, operation);
        }
        return current;
    }

    private static Object patch(Object whole, FieldOperation operation) throws Refused {
        String[] names = names(operation.pointer());
        if (names.length == 0) {
            Object after = target(whole, operation);
            if (after == null) {
                throw new Refused(RejectReason.POINTER_INVALID);
            }
            return after;
        }
        Object parent = whole;
        for (int i = 0; i < names.length - 1; i++) {
            Object next = child(parent, names[i]);
            if (next == null) {
                throw new Refused(RejectReason.FIELD_NOT_FOUND);
            }
            parent = next;
        }
        String name = names[names.length - 1];
        Object old = child(parent, name);
        if (parent instanceof List && index(list(parent), name) > list(parent).size()) {
            throw new Refused(RejectReason.FIELD_NOT_FOUND);
        }
        Object after = target(old, operation);
        if (parent instanceof Map) {
            if (after == null) {
                map(parent).remove(ByteString.copyFromUtf8(name));
            } else {
                map(parent).put(ByteString.copyFromUtf8(name), after);
            }
        } else {
            int index = index(list(parent), name);
            if (after == null) {
                list(parent).remove(index);
            } else if (old == null) {
                list(parent).add(after);
            } else {
                list(parent).set(index, after);
            }
        }
        return whole;
    }

    private static Object child(Object parent, String name) throws Refused {
        if (parent instanceof Map) {
            return map(parent).get(ByteString.copyFromUtf8(name));
        }
        List<Object> items = list(parent);
        int index = index(items, name);
        return index < items.size() ? items.get(index) : null;
    }

    private static int index(List<Object> items, String name) throws Refused {
        if (name.equals("-")) {
            return items.size();
        }
        if (!name.matches("0|[1-9][0-9]{0,8}")) {
            throw new Refused(RejectReason.POINTER_INVALID);
        }
        return Integer.parseInt(name);
    }

    private static Object target(Object old, FieldOperation operation) throws Refused {
        Object operand = read(operation.operand());
        switch (operation.type()) {
            case SET:
                return operand;
            case SET_IF_ABSENT:
                return old == null ? operand : old;
            case REMOVE:
                if (old == null) {
                    throw new Refused(RejectReason.FIELD_NOT_FOUND);
                }
                return null;
            case MERGE:
                return merge(old, operand);
            case LIST_APPEND:
                List<Object> appended = old == null ? new ArrayList<>() : list(old);
                appended.add(operand);
                return appended;
            case LIST_INSERT:
                List<Object> inserted = present(old);
                if (operation.index() == FieldOperation.NO_INDEX) {
                    throw new Refused(RejectReason.POINTER_INVALID);
                }
                if (operation.index() < 0 || operation.index() > inserted.size()) {
                    throw new Refused(RejectReason.FIELD_NOT_FOUND);
                }
                inserted.add((int) operation.index(), operand);
                return inserted;
            case LIST_REMOVE:
                return removeItem(present(old), operation, operand);
            case INCREMENT:
                return increment(old, operation.delta());
            default:
                if (old == null || !equal(old, operand)) {
                    throw new Refused(RejectReason.TEST_FAILED);
                }
                return old;
        }
    }

    private static List<Object> present(Object old) throws Refused {
        if (old == null) {
            throw new Refused(RejectReason.FIELD_NOT_FOUND);
        }
        return list(old);
    }

    private static Object removeItem(List<Object> items, FieldOperation operation, Object operand) throws Refused {
        long index = operation.index();
        for (int i = 0; index == FieldOperation.NO_INDEX && i < items.size(); i++) {
            index = equal(items.get(i), operand) ? i : index;
        }
        if (index < 0 || index >= items.size()) {
            throw new Refused(RejectReason.FIELD_NOT_FOUND);
        }
        items.remove((int) index);
        return items;
    }

    private static Object increment(Object old, long delta) throws Refused {
        if (old != null && !(old instanceof Long)) {
            throw new Refused(RejectReason.FIELD_TYPE);
        }
        try {
            return Math.addExact(old == null ? 0L : (Long) old, delta);
        } catch (ArithmeticException e) {
            throw new Refused(RejectReason.INT_OVERFLOW);
        }
    }

    private static Object merge(Object old, Object patch) {
        if (!(patch instanceof Map)) {
            return patch;
        }
        Map<ByteString, Object> result = newMap();
        if (old instanceof Map) {
            result.putAll(map(old));
        }
        map(patch).forEach((key, change) -> {
            if (change == NULL) {
                result.remove(key);
            } else {
                result.put(key, merge(result.get(key), change));
            }
        });
        return result;
    }
}
