package io.pathkeeper.server.rpc;

import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ChildPage;
import io.pathkeeper.server.store.PageOpening;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.BatchGetResponse;
import io.pathkeeper.v1.Child;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListChildrenResponse;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.View;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads of the tree: checks the request, then answers it from a view, without the header. Every method throws
 * {@link RejectedException}. Any thread.
 */
final class TreeReads {
    /** Most paths of a BatchGet. */
    static final int MAX_BATCH_PATHS = 100;
    /** Most children of a page. */
    static final int MAX_PAGE_SIZE = 1_000;
    /** No answer is larger: clients refuse more than 4 MiB unless they are told otherwise. */
    static final int MAX_RESPONSE_BYTES = 3_500 * 1_024;

    private static final int DEFAULT_PAGE_SIZE = 100;
    private static final int PAGE_BYTES = 1 << 20;
    /** Children are taken from the tree in portions, as a page of large values ends early. */
    private static final int PORTION = 64;
    /** A page ends behind so many children, whether or not they may be seen. */
    private static final int MAX_VISITS = 10_000;

    private static final int MAX_NAME_BYTES = ZnodePath.MAX_NAME_BYTES;

    private TreeReads() {}

    /** Checks a request before it waits for its view. */
    static void check(GetRequest r) {
        FieldReader.path(r.getPath());
        FieldReader.view(r.getView(), View.VIEW_FULL);
        FieldReader.format(r.getValueFormat());
    }

    static GetResponse.Builder get(GetRequest r, TreeView view, Owners owners) {
        ZnodePath path = FieldReader.path(r.getPath());
        View wanted = FieldReader.view(r.getView(), View.VIEW_FULL);
        Znode znode = view.find(path);
        if (znode == null) {
            throw new RejectedException(StoreService.notFound(path, view.revision()));
        }
        GetResponse.Builder out = GetResponse.newBuilder().setPath(r.getPath());
        if (wanted != View.VIEW_NAME) {
            out.setStat(Stats.stat(znode, owners));
        }
        if (wanted == View.VIEW_FULL) {
            out.setData(Payloads.payload(znode.value(), znode.contentType(), FieldReader.format(r.getValueFormat())));
        }
        return out;
    }

    /** Checks a request before it waits for its view. */
    static void check(BatchGetRequest r) {
        int count = r.getPathsCount();
        if (count < 1 || count > MAX_BATCH_PATHS) {
            throw RejectedException.argument("paths", "has " + count + " entries: allowed are 1 to " + MAX_BATCH_PATHS);
        }
        r.getPathsList().forEach(FieldReader::path);
        FieldReader.view(r.getView(), View.VIEW_FULL);
        FieldReader.format(r.getValueFormat());
    }

    static BatchGetResponse.Builder batchGet(BatchGetRequest r, TreeView view, Owners owners) {
        View wanted = FieldReader.view(r.getView(), View.VIEW_FULL);
        ValueFormat format = FieldReader.format(r.getValueFormat());
        BatchGetResponse.Builder out = BatchGetResponse.newBuilder();
        long bytes = 0;
        for (String text : r.getPathsList()) {
            ZnodePath path = FieldReader.path(text);
            var result = ResultWriter.found(path, view.find(path), wanted, format, owners);
            bytes += result.getSerializedSize() + 8;
            checkSize(bytes, "ask for fewer paths");
            out.addResults(result);
        }
        return out;
    }

    /** Checks a request before it waits for its view. */
    static void check(ListChildrenRequest r) {
        FieldReader.path(r.getPath());
        pageSize(r);
        name("name_prefix", r.getNamePrefix());
        name("start_after", r.getStartAfter());
        FieldReader.view(r.getView(), View.VIEW_NAME);
        FieldReader.format(r.getValueFormat());
    }

    static ListChildrenResponse.Builder listChildren(
            ListChildrenRequest r, TreeView view, StoreContext context, Access access) {
        StoreService store = context.store();
        PageOpening opening = store.openPage(
                view,
                FieldReader.path(r.getPath()),
                r.getPageToken(),
                name("start_after", r.getStartAfter()),
                name("name_prefix", r.getNamePrefix()));
        if (opening instanceof PageOpening.Refused refused) {
            throw new RejectedException(refused.rejection());
        }
        ChildPage page = (ChildPage) opening;
        ListChildrenResponse.Builder out = ListChildrenResponse.newBuilder()
                .setRevision(page.view().revision())
                .setParentStat(Stats.stat(page.parent(), context.owners()));
        fill(r, page, out, context, access);
        return out;
    }

    private static void fill(
            ListChildrenRequest r,
            ChildPage page,
            ListChildrenResponse.Builder out,
            StoreContext context,
            Access access) {
        StoreService store = context.store();
        boolean all = access.mayBelow(Verb.READ, page.path());
        int visits = MAX_VISITS;
        View wanted = FieldReader.view(r.getView(), View.VIEW_NAME);
        ValueFormat format = FieldReader.format(r.getValueFormat());
        int room = pageSize(r);
        long bytes = 0;
        byte[] after = page.after();
        while (true) {
            // one more than there is room for tells whether another page follows
            int portion = Math.min(PORTION, room) + 1;
            List<Znode> children = page.view().children(page.path(), after, page.prefix(), portion);
            int taken = Math.min(children.size(), portion - 1);
            for (int i = 0; i < taken; i++) {
                if (!all
                        && !access.may(
                                Verb.READ, page.path().child(children.get(i).name()))) {
                    after = children.get(i).name();
                    room++; // what may not be seen takes no place
                    continue;
                }
                Child child = child(children.get(i), wanted, format, context.owners());
                bytes += child.getSerializedSize() + 8;
                if (bytes > PAGE_BYTES && out.getChildrenCount() > 0) {
                    out.setNextPageToken(store.nextPageToken(page, after));
                    return;
                }
                checkSize(bytes, "ask for the values one by one, or in another value_format");
                out.addChildren(child);
                after = children.get(i).name();
            }
            room -= taken;
            visits -= taken;
            if (children.size() < portion) {
                return;
            }
            if (room == 0 || visits <= 0) {
                out.setNextPageToken(store.nextPageToken(page, after));
                return;
            }
        }
    }

    private static Child child(Znode znode, View wanted, ValueFormat format, Owners owners) {
        Child.Builder child = Child.newBuilder().setName(new String(znode.name(), StandardCharsets.UTF_8));
        if (wanted != View.VIEW_NAME) {
            child.setStat(Stats.stat(znode, owners));
        }
        if (wanted == View.VIEW_FULL) {
            child.setData(Payloads.payload(znode.value(), znode.contentType(), format));
        }
        return child.build();
    }

    /** Refuses an answer that clients could not take in. */
    static void checkSize(long bytes, String advice) {
        if (bytes > MAX_RESPONSE_BYTES) {
            throw new RejectedException(Rejection.of(
                    RejectReason.REQUEST_TOO_LARGE,
                    "the answer would have more than " + MAX_RESPONSE_BYTES + " bytes: " + advice,
                    "actual",
                    Long.toString(bytes),
                    "limit",
                    Integer.toString(MAX_RESPONSE_BYTES)));
        }
    }

    private static int pageSize(ListChildrenRequest r) {
        if (r.getPageSize() < 0 || r.getPageSize() > MAX_PAGE_SIZE) {
            throw RejectedException.argument(
                    "page_size", "is " + r.getPageSize() + ": allowed are 1 to " + MAX_PAGE_SIZE + ", 0 for 100");
        }
        return r.getPageSize() == 0 ? DEFAULT_PAGE_SIZE : r.getPageSize();
    }

    private static byte[] name(String field, String text) {
        byte[] name = text.getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_NAME_BYTES || text.indexOf('/') >= 0) {
            throw RejectedException.argument(
                    field, "is no part of a name: at most " + MAX_NAME_BYTES + " bytes without '/'");
        }
        return name;
    }
}
