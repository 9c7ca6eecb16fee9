package io.pathkeeper.pathctl.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Flat keys become a tree: parents first, each path once. */
@Timeout(60)
class EtcdKeysTest {
    private static final class Found implements Source.Visitor {
        final List<String> entries = new ArrayList<>();
        final List<String> leftOut = new ArrayList<>();
        int mostBytes = 100;

        @Override
        public void entries(List<SourceEntry> batch) {
            assertThat(batch).hasSizeLessThanOrEqualTo(100);
            batch.forEach(entry -> {
                byte[] data = entry.data();
                assertThat(entry.place()).isEqualTo(data == null);
                entries.add(entry.path() + (data == null ? "" : "=" + new String(data, StandardCharsets.UTF_8)));
            });
        }

        @Override
        public void leaveOut(LeftOut reason, String name, String why) {
            leftOut.add(reason + " " + name);
        }

        @Override
        public void note(Source.Note note, String name) {
            throw new IllegalStateException("nothing to note");
        }

        @Override
        public boolean accepts(String name, String path) {
            boolean fit = !path.endsWith("bad");
            if (!fit) {
                leaveOut(LeftOut.NAME, name, "");
            }
            return fit;
        }

        @Override
        public boolean takes(byte[] data) {
            return data.length <= mostBytes;
        }
    }

    private final Found found = new Found();
    private final List<String> asked = new ArrayList<>();

    private void walk(String prefix, String target, String... keys) throws InterruptedException {
        EtcdKeys walk = new EtcdKeys(EtcdKeys.prefix(prefix), target, found, this::isShared);
        for (String key : keys) {
            walk.key(ByteString.copyFromUtf8(key), bytes("v"), key.contains("lease"));
        }
        walk.end();
    }

    private boolean isShared(String first) {
        asked.add(first);
        return first.startsWith("shared");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void parentsWithoutAKeyAreMadeOnceAndFirst() throws InterruptedException {
        walk("/app", "/to", "/app/a", "/app/a!x", "/app/a-b/c", "/app/a/b", "/app/a/c/d/e", "/app/a/c/d/f", "/app/b");
        assertThat(found.entries)
                .containsExactly(
                        "/to",
                        "/to/a=v",
                        "/to/a!x=v",
                        "/to/a-b",
                        "/to/a-b/c=v",
                        "/to/a/b=v",
                        "/to/a/c",
                        "/to/a/c/d",
                        "/to/a/c/d/e=v",
                        "/to/a/c/d/f=v",
                        "/to/b=v");
        assertThat(found.leftOut).isEmpty();
    }

    @Test
    void keyOfThePrefixIsTheTarget() throws InterruptedException {
        walk("/app/", "/app", "/app", "/app/x");
        assertThat(found.entries).containsExactly("/app=v", "/app/x=v");
    }

    @Test
    void allKeysGoBelowTheRootWithOrWithoutASlashInFront() throws InterruptedException {
        walk("", "/", "/a/b", "c", "d/e");
        assertThat(found.entries).containsExactly("/a", "/a/b=v", "/c=v", "/d", "/d/e=v");
    }

    /** Two keys of one path: one of them would overwrite the other, or be taken for its place. */
    @Test
    void keyWithoutASlashInFrontIsLeftOutWhereOneWithItHasItsPath() throws InterruptedException {
        walk("", "/", "/shared=1", "/x/y", "own", "own/a", "shared", "shared/a");
        assertThat(found.leftOut).containsExactly("NAME shared", "NAME shared/a");
        assertThat(found.entries).containsExactly("/shared=1=v", "/x", "/x/y=v", "/own=v", "/own/a=v");
        assertThat(asked).containsExactly("own", "shared");
    }

    @Test
    void whatHasNoFormIsLeftOutAndNamedOnce() throws InterruptedException {
        walk(
                "/p",
                "/p",
                "/p/",
                "/p//x",
                "/p/bad",
                "/p/bad/x",
                "/p/bad/y",
                "/p/lease",
                "/p/lease/child",
                "/p/x/",
                "/p/z");
        assertThat(found.leftOut)
                .containsExactly(
                        "NAME /p/",
                        "NAME /p//x",
                        "NAME /p/bad",
                        "EPHEMERAL /p/lease",
                        "EPHEMERAL /p/lease/child",
                        "NAME /p/x/");
        assertThat(found.entries).containsExactly("/p", "/p/z=v");
    }

    @Test
    void keyThatIsNoTextIsShownAsBytes() throws InterruptedException {
        EtcdKeys walk = new EtcdKeys("", "/", found, this::isShared);
        walk.key(ByteString.copyFrom(new byte[] {'/', 'a', (byte) 0xff, 0}), bytes("v"), false);
        walk.end();
        assertThat(found.leftOut).containsExactly("NAME /a\\xff\\x00");
        assertThat(found.entries).isEmpty();
    }

    /** The value is refused by whoever gets the entry; what is below it finds a parent all the same. */
    @Test
    void placeOfAValueOverTheLimitIsKeptForWhatIsBelowIt() throws InterruptedException {
        found.mostBytes = 3;
        EtcdKeys walk = new EtcdKeys("/p", "/p", found, this::isShared);
        walk.key(ByteString.copyFromUtf8("/p"), bytes("long"), false);
        walk.key(ByteString.copyFromUtf8("/p/x"), bytes("v"), false);
        walk.end();
        assertThat(found.entries).containsExactly("/p=long", "/p", "/p/x=v");
    }

    /** Whatever the keys, in the order of their bytes: every path once, behind its parent. */
    @Test
    void everyPathComesOnceBehindItsParent() throws InterruptedException {
        SplittableRandom dice = new SplittableRandom(7);
        String[] names = {"a", "a!", "a-b", "a0", "ab", "\u00e4", "b", "\ud83d\ude00"};
        for (int round = 0; round < 300; round++) {
            TreeSet<ByteString> keys = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
            for (int i = dice.nextInt(40); i >= 0; i--) {
                StringBuilder key = new StringBuilder("/p");
                for (int depth = dice.nextInt(5); depth > 0; depth--) {
                    key.append('/').append(names[dice.nextInt(names.length)]);
                }
                keys.add(ByteString.copyFromUtf8(key.toString()));
            }
            Found all = new Found();
            EtcdKeys walk = new EtcdKeys("/p", "/p", all, this::isShared);
            for (ByteString key : keys) {
                walk.key(key, bytes("v"), false);
            }
            walk.end();
            List<String> paths =
                    all.entries.stream().map(entry -> entry.replace("=v", "")).toList();
            assertThat(paths).doesNotHaveDuplicates();
            for (int i = 0; i < paths.size(); i++) {
                String parent = paths.get(i).substring(0, paths.get(i).lastIndexOf('/'));
                assertThat(parent.isEmpty() || paths.subList(0, i).contains(parent))
                        .as(paths.get(i))
                        .isTrue();
            }
            assertThat(all.entries)
                    .containsAll(
                            keys.stream().map(key -> key.toStringUtf8() + "=v").toList());
        }
    }
}
