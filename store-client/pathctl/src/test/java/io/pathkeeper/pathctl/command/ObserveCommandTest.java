package io.pathkeeper.pathctl.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventCause;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.pathctl.Run;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObserveCommandTest {
    private final Run run = new Run();

    @BeforeEach
    void frames() {
        Znode there = new Znode("/a", null, Value.of("tab\there"), "", 4);
        Event updated = new Event(
                EventType.UPDATED,
                EventCause.CLIENT,
                "/a",
                5,
                null,
                Value.map("port", 9090),
                "application/json",
                there);
        Event expired = new Event(EventType.DELETED, EventCause.TTL, "/a/b", 5, null, null, "", null);
        run.client.frames.addAll(List.of(
                new ObserveFrame.Created(5),
                new ObserveFrame.Existing(4, List.of(there)),
                new ObserveFrame.Synced(4),
                new ObserveFrame.Events(5, List.of(updated, expired)),
                new ObserveFrame.Progress(6),
                new ObserveFrame.Reset(9, "history")));
    }

    @Test
    void printsOneEventALine() {
        assertThat(run.pathctl("observe", "/a", "--initial")).isZero();
        assertThat(run.out())
                .isEqualTo("4\tEXISTING\t/a\t\"tab\\there\"\n"
                        + "4\tSYNCED\n"
                        + "5\tUPDATED\t/a\t{\"port\":9090}\n"
                        + "5\tDELETED:TTL\t/a/b\n"
                        + "9\tRESET\thistory\n");
        assertThat(run.err).isEqualTo("observing from revision 5; the store is at 1, waiting\n");
    }

    @Test
    void saysNothingOfWaitingWhenTheNextRevisionIsObserved() {
        run.tree.revision = 4;
        assertThat(run.pathctl("observe", "/a", "--initial")).isZero();
        assertThat(run.err).isEqualTo("observing from revision 5\n");
    }

    @Test
    void printsJsonAndProgressWhenAsked() {
        assertThat(run.pathctl("observe", "/a", "--subtree", "--progress", "-o", "json"))
                .isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "{\"type\":\"EXISTING\",\"revision\":4,\"path\":\"/a\",\"data\":\"tab\\there\"}",
                        "{\"type\":\"SYNCED\",\"revision\":4}",
                        "{\"type\":\"UPDATED\",\"revision\":5,\"path\":\"/a\",\"cause\":\"CLIENT\",\"data\":{\"port\":9090},"
                                + "\"content_type\":\"application/json\",\"previous\":\"tab\\there\"}",
                        "{\"type\":\"DELETED\",\"revision\":5,\"path\":\"/a/b\",\"cause\":\"TTL\"}",
                        "{\"type\":\"PROGRESS\",\"revision\":6}",
                        "{\"type\":\"RESET\",\"revision\":9,\"cause\":\"history\"}");
    }

    @Test
    void refusesOptionsThatExcludeEachOther() {
        assertThat(run.pathctl("observe", "/a", "--initial", "--from", "3")).isEqualTo(2);
        assertThat(run.pathctl("observe", "/a", "--children", "--subtree")).isEqualTo(2);
        assertThat(run.pathctl("observe")).isEqualTo(2);
    }

    @Test
    void saysSoWhenNobodyIsThere() {
        run.tree.unavailable = true;
        assertThat(run.pathctl("observe", "/a")).isEqualTo(1);
    }
}
