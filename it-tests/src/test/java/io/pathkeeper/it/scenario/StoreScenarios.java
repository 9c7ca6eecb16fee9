package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.SyncRequest;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.TransactResponse;
import io.pathkeeper.v1.Znode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every call on every server, each through stubs that stay with that server. */
abstract class StoreScenarios extends ClusterScenarios {
    private final List<PinnedServer> servers = new ArrayList<>();

    StoreScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @BeforeAll
    void pinServers() {
        cluster().members().forEach(member -> servers.add(cluster().pin(member)));
    }

    @AfterAll
    void closeServers() {
        servers.forEach(PinnedServer::close);
    }

    @Test
    void everyServerCreatesReadsAndChangesZnodes() {
        for (PinnedServer server : servers) {
            String path = "/every/" + server.member();
            var created = server.store().create(Requests.create(path, 1));
            assertAnsweredBy(server, created.getHeader());
            assertThat(created.getPath()).isEqualTo(path);

            var set = server.store().set(Requests.set(path, 20));
            assertAnsweredBy(server, set.getHeader());
            assertThat(set.getStat().getVersion()).isEqualTo(2);

            var patched = server.store().patch(Requests.increment(path, 5));
            assertAnsweredBy(server, patched.getHeader());
            assertThat(patched.getRevision()).isEqualTo(set.getRevision() + 1);

            var read = server.store().get(Requests.get(path));
            assertAnsweredBy(server, read.getHeader());
            assertThat(read.getData().getValue().getIntValue()).isEqualTo(25);
            assertThat(read.getStat().getModifiedRevision()).isEqualTo(patched.getRevision());

            var deleted = server.store().delete(Requests.delete(path));
            assertAnsweredBy(server, deleted.getHeader());
            assertThat(deleted.getDeletedCount()).isEqualTo(1);
            StatusRuntimeException gone = failure(() -> server.store().get(Requests.get(path)));
            assertThat(gone.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(PinnedServer.reasonOf(gone)).isEqualTo("NODE_NOT_FOUND");
        }
    }

    @Test
    void everyServerListsScansAndTransacts() {
        for (PinnedServer server : servers) {
            String parent = "/lists/" + server.member();
            server.store().create(Requests.create(parent, 0));
            TransactResponse transacted = server.store()
                    .transact(TransactRequest.newBuilder()
                            .addThen(TransactOperation.newBuilder().setCreate(Requests.create(parent + "/a", 1)))
                            .addThen(TransactOperation.newBuilder().setCreate(Requests.create(parent + "/b", 2)))
                            .addThen(TransactOperation.newBuilder().setGet(Requests.get(parent + "/a")))
                            .build());
            assertAnsweredBy(server, transacted.getHeader());
            assertThat(transacted.getResults(0).getCreate().getRevision()).isEqualTo(transacted.getRevision());
            assertThat(transacted.getResults(1).getCreate().getRevision()).isEqualTo(transacted.getRevision());
            assertThat(transacted.getResults(2).getGet().getFound()).isTrue();

            var listed = server.store()
                    .listChildren(ListChildrenRequest.newBuilder()
                            .setPath(parent)
                            .setPageSize(1)
                            .build());
            assertAnsweredBy(server, listed.getHeader());
            assertThat(listed.getChildren(0).getName()).isEqualTo("a");
            var second = server.store()
                    .listChildren(ListChildrenRequest.newBuilder()
                            .setPath(parent)
                            .setPageSize(1)
                            .setPageToken(listed.getNextPageToken())
                            .build());
            assertThat(second.getChildren(0).getName()).isEqualTo("b");
            assertThat(second.getRevision()).isEqualTo(listed.getRevision());

            List<String> scanned = new ArrayList<>();
            server.store()
                    .scanSubtree(ScanSubtreeRequest.newBuilder().setPath(parent).build())
                    .forEachRemaining((ScanSubtreeResponse part) ->
                            part.getZnodesList().stream().map(Znode::getPath).forEach(scanned::add));
            assertThat(scanned).containsExactly(parent, parent + "/a", parent + "/b");

            var batch = server.store()
                    .batchGet(BatchGetRequest.newBuilder()
                            .addPaths(parent + "/b")
                            .addPaths(parent + "/none")
                            .build());
            assertAnsweredBy(server, batch.getHeader());
            assertThat(batch.getResults(0).getZnode().getData().getValue().getIntValue())
                    .isEqualTo(2);
            assertThat(batch.getResults(1).getFound()).isFalse();

            assertAnsweredBy(
                    server,
                    server.store().sync(SyncRequest.getDefaultInstance()).getHeader());
        }
    }

    @Test
    void everyServerShowsAWriteOfEveryOther() {
        servers.get(0).store().create(Requests.create("/own/number", 0));
        long number = 0;
        for (int round = 0; round < 10; round++) {
            for (PinnedServer writer : servers) {
                SetResponse written = writer.store().set(Requests.set("/own/number", ++number));
                for (PinnedServer reader : servers) {
                    assertThat(read(reader, ReadOptions.newBuilder())).isEqualTo(number);
                    ReadOptions.Builder atLeast = ReadOptions.newBuilder()
                            .setConsistency(Consistency.CONSISTENCY_AT_LEAST)
                            .setMinRevision(written.getRevision());
                    assertThat(read(reader, atLeast)).isEqualTo(number);
                }
                // the writer's own server has applied it when it answers
                assertThat(read(writer, ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL)))
                        .isEqualTo(number);
            }
        }
    }

    @Test
    void revisionCountsChangesAndNothingElse() {
        PinnedServer server = servers.get(1);
        long before = server.store().create(Requests.create("/counted/a", 1)).getRevision();

        failure(() -> server.store().create(Requests.create("/counted/a", 1)));
        server.store().get(Requests.get("/counted/a"));
        failure(() -> server.store()
                .set(Requests.set("/counted/a", 2).toBuilder()
                        .setExpectedVersion(9)
                        .build()));
        server.store()
                .set(Requests.set("/counted/a", 1).toBuilder()
                        .setIfChanged(true)
                        .build());
        long after = server.store().set(Requests.set("/counted/a", 2)).getRevision();

        assertThat(after).isEqualTo(before + 1);
    }

    @Test
    void aRepeatedWriteIsCarriedOutOnceWhicheverServerGetsIt() {
        servers.get(0).store().create(Requests.create("/once/number", 0));
        var request = Requests.increment("/once/number", 1).toBuilder()
                .setRequestId(RequestId.newBuilder().setClientId("scenario").setSequence(1))
                .build();

        var first = servers.get(0).store().patch(request);
        for (PinnedServer server : servers) {
            assertThat(server.store().patch(request).getRevision()).isEqualTo(first.getRevision());
        }

        long value = servers.get(2)
                .store()
                .get(Requests.get("/once/number"))
                .getData()
                .getValue()
                .getIntValue();
        assertThat(value).isEqualTo(1);
    }

    @Test
    void refusalsOfAFollowerAreTheSameAsTheLeaders() {
        SetRequest missing = Requests.set("/nowhere/at/all", 1);
        SetRequest invalid = Requests.set("no-slash", 1);
        for (PinnedServer server : servers) {
            assertThat(PinnedServer.reasonOf(failure(() -> server.store().set(missing))))
                    .isEqualTo("NODE_NOT_FOUND");
            StatusRuntimeException refused = failure(() -> server.store().set(invalid));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(PinnedServer.reasonOf(refused)).isEqualTo("PATH_INVALID");
        }
    }

    private static long read(PinnedServer server, ReadOptions.Builder options) {
        return server.store()
                .get(Requests.get("/own/number", options))
                .getData()
                .getValue()
                .getIntValue();
    }

    private static void assertAnsweredBy(PinnedServer server, ResponseHeader header) {
        assertThat(header.getMemberId()).isEqualTo(server.member());
        assertThat(header.getClusterId()).isNotEmpty();
        assertThat(header.getLeaderId()).isNotEmpty();
    }

    private static StatusRuntimeException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(error).as("a refusal").isNotNull();
        return error;
    }
}
