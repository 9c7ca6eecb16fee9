package io.pathkeeper.pathctl.transfer;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.Store;
import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.text.ExactJson;
import io.pathkeeper.pathctl.text.JsonText;
import io.pathkeeper.pathctl.text.Kinds;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A typed subtree as text, one JSON object a line:
 *
 * <pre>{@code
 * {"pathkeeper_subtree":1,"root":"/config","revision":17}
 * {"path":"","kind":"persistent","value":{"host":"localhost","port":8080}}
 * {"path":"web/limits","kind":"ttl","ttl_ms":60000,"content_type":"application/json","value":1.5}
 * {"end":true,"znodes":2}
 * }</pre>
 *
 * <p>The first line names the form, the last one tells a whole document from a cut one. Paths are relative to the root, parents
 * come before children. Values are as {@link ExactJson} writes them, so that nothing is lost. Versions, revisions and times are
 * not carried: they belong to the store that gave them.
 */
public final class SubtreeDocument {
    private static final long FORM = 1;
    private static final String FORM_FIELD = "pathkeeper_subtree";

    private SubtreeDocument() {}

    /** Prints the subtree at {@code root}, all of it at one revision, and returns that revision. */
    public static long write(
            Store store,
            ScanOptions options,
            String root,
            PrintStream out,
            TransferSummary summary,
            Progress progress) {
        try (SubtreeIterator znodes = store.scanSubtree(root, options)) {
            long revision = znodes.revision();
            out.println(ExactJson.write(Value.map(FORM_FIELD, FORM, "root", root, "revision", revision)));
            while (znodes.hasNext()) {
                out.println(line(root, znodes.next()));
                summary.znodes.incrementAndGet();
                progress.advance(0);
                progress.draw();
            }
            out.println(ExactJson.write(Value.map("end", true, "znodes", summary.znodes())));
            return revision;
        }
    }

    /** Returns the line of a znode. */
    static String line(String root, Znode znode) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("path", Value.of(PathText.below(root, znode.path())));
        fields.put("kind", Value.of(Kinds.kind(znode.stat().kind())));
        if (!znode.stat().ttl().isZero()) {
            fields.put("ttl_ms", Value.of(znode.stat().ttl().toMillis()));
        }
        if (!znode.contentType().isEmpty()) {
            fields.put("content_type", Value.of(znode.contentType()));
        }
        fields.put("value", znode.value());
        return ExactJson.write(Value.of(fields));
    }

    /**
     * Writes what the document holds to below {@code root}, which is created with its parents if need be. Existing znodes keep
     * their kind and get the value; done again it changes nothing.
     *
     * @param what the document's name, for messages
     * @param patience how long a write without a clear answer is made again
     * @throws CommandFailure with exit code 2 when it is not such a document or its end is missing; what stands before is
     *     written by then
     */
    public static void read(
            PathkeeperClient client,
            String what,
            Reader source,
            String root,
            TransferSummary summary,
            Progress progress,
            Duration patience)
            throws IOException, InterruptedException {
        TransferWriter writer = new TransferWriter(client.async(), summary, progress, patience);
        try (JsonText.Sequence lines = new JsonText.Sequence(what, source)) {
            Value head = lines.next();
            if (head == null || head.type() != Value.Type.MAP || head.find(FORM_FIELD) == null) {
                throw CommandFailure.usage(what + " is no subtree document: its first line must be {\"" + FORM_FIELD
                        + "\": " + FORM + ", ...}");
            }
            if (!Value.of(FORM).equals(head.get(FORM_FIELD))) {
                throw CommandFailure.usage(what + " has form " + head.get(FORM_FIELD) + "; this pathctl knows form "
                        + FORM + ": use a newer one");
            }
            createParents(client.store(), root);
            long count = 0;
            for (Value line = lines.next(); ; line = lines.next()) {
                if (line == null) {
                    writer.drain();
                    throw CommandFailure.usage(what + " is cut off: its last line is missing; " + count
                            + " znodes before that were written");
                }
                SubtreeLine znode = SubtreeLine.read(what + ", znode " + (count + 1), line);
                if (znode == null) {
                    writer.drain();
                    checkEnd(what, line, count);
                    return;
                }
                write(writer, root, znode, summary);
                count++;
            }
        }
    }

    private static void checkEnd(String what, Value line, long count) {
        Value told = line.find("znodes");
        if (told != null && !told.equals(Value.of(count))) {
            throw CommandFailure.usage(what + " tells of " + told + " znodes but has " + count);
        }
    }

    private static void createParents(Store store, String root) {
        String parent = PathText.parent(root);
        if (parent.equals("/")) {
            return;
        }
        try {
            store.create(parent, Value.NULL, CreateOptions.defaults().createParents(true));
        } catch (NodeExistsException e) {
            return; // as it should be
        }
    }

    private static void write(TransferWriter writer, String root, SubtreeLine znode, TransferSummary summary)
            throws InterruptedException {
        String path = znode.path().isEmpty() ? root : PathText.child(root, znode.path());
        if (znode.kind() == ZnodeKind.EPHEMERAL) {
            writer.leaveOut(LeftOut.REFUSED, path, "it is ephemeral and needs a session");
            return;
        }
        writer.reserve(znode.bytes());
        if (znode.kind() == ZnodeKind.PERSISTENT) {
            writer.put(path, znode.value(), znode.contentType(), path, znode.bytes(), summary.znodes);
            return;
        }
        CreateOptions options = CreateOptions.defaults().kind(znode.kind()).contentType(znode.contentType());
        Duration ttl = znode.ttl();
        writer.create(
                path, znode.value(), ttl == null ? options : options.ttl(ttl), path, znode.bytes(), summary.znodes);
    }
}
