package io.pathkeeper.it.fault.fuzz;

import io.pathkeeper.it.fault.fuzz.Decoder.Allowance;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.JsonPointer;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import io.pathkeeper.server.value.ValueLimits;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Decoders of texts, which clients write themselves: paths, JSON values, JSON pointers. Texts come as UTF-8; what is none is replaced, as gRPC sees to. */
final class TextDecoders {
    private static final MethodHandle PARSE_JSON =
            Hidden.method("rpc.JsonValues", "parse", String.class, ValueLimits.class);
    private static final MethodHandle PRINT_JSON = Hidden.method("rpc.JsonValues", "print", Value.class);

    private TextDecoders() {}

    static Decoder path() {
        List<byte[]> seeds = texts(
                "/",
                "/a",
                "/a/b/c",
                "/services/web-1/address",
                "/ä/ö/ü",
                "/_sys/x",
                "/queue/0000000001",
                "/" + "n".repeat(255),
                "/x".repeat(64));
        return new Decoder(
                "path",
                seeds,
                Set.of("io.pathkeeper.server.tree.InvalidPathException"),
                new Allowance(8 << 10, 32),
                input -> {
                    String text = text(input);
                    ZnodePath path = ZnodePath.parse(text);
                    if (!path.toString().equals(text)
                            || !ZnodePath.fromBytes(path.utf8()).equals(path)) {
                        throw new BrokenPromiseException("the path is another one behind parsing");
                    }
                    ZnodePath.parsePrefix(text);
                });
    }

    static Decoder json() {
        List<byte[]> seeds = texts(
                "null",
                "true",
                "0",
                "-12",
                "9223372036854775807",
                "1.5",
                "-2.5e-300",
                "\"\"",
                "\"t\\u00e4\\n\\ud83d\\ude00\"",
                "[]",
                "[1,[2,[3,[]]],{}]",
                "{}",
                "{\"$bytes\":\"AAEC/w==\"}",
                "{\"$$bytes\":1}",
                "{\"name\":\"web\",\"ports\":[80,443],\"limits\":{\"cpu\":0.25,\"memory\":1073741824},\"on\":true,\"note\":null}");
        return new Decoder(
                "json",
                seeds,
                Set.of("io.pathkeeper.server.rpc.RejectedException", RefusedException.NAME),
                new Allowance(64 << 10, 512),
                input -> {
                    Value value = (Value) PARSE_JSON.invoke(text(input), ValueLimits.DEFAULT);
                    if (ValueEncoding.check(value, ValueLimits.DEFAULT) != null) {
                        throw new RefusedException(); // by the next step of every call
                    }
                    Value again = (Value) PARSE_JSON.invoke((String) PRINT_JSON.invoke(value), ValueLimits.DEFAULT);
                    if (!again.equals(value)) {
                        throw new BrokenPromiseException("the value is another one when it was printed and parsed");
                    }
                    StoredDecoders.requireSame(value);
                });
    }

    static Decoder pointer() {
        Value document = new Value.Fields(List.of(
                new Value.Field("a", new Value.Items(List.of(new Value.Int(1), new Value.Text("x")))),
                new Value.Field("~", Value.Null.INSTANCE)));
        return new Decoder(
                "pointer",
                texts("", "/", "/a", "/a/0", "/a/-", "/~0~1", "/a/b/c/d", "/" + "k".repeat(512)),
                Set.of(RefusedException.NAME),
                new Allowance(8 << 10, 128),
                input -> {
                    String text = text(input);
                    List<String> names = JsonPointer.parse(text);
                    if (names == null) { // the documented refusal
                        throw new RefusedException();
                    }
                    if (!written(names).equals(text)) {
                        throw new BrokenPromiseException("the pointer is another one behind parsing");
                    }
                    JsonPointer.find(document, names);
                });
    }

    private static String written(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            text.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        }
        return text.toString();
    }

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
