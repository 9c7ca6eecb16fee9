package io.pathkeeper.client.observe;

import io.pathkeeper.client.model.Stat;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import org.jspecify.annotations.Nullable;

/**
 * One change.
 *
 * @param type what happened
 * @param cause why
 * @param path path of the znode
 * @param revision revision of the change
 * @param stat stat behind the change, of a deletion the last one; null with {@link ObserveView#NAME}
 * @param value the new value; null for deletions and unless the view is {@link ObserveView#VALUE}
 * @param contentType description of the content of the new value; empty when there is none
 * @param previous the znode at the revision before, when asked for and there was one; null otherwise
 */
public record Event(
        EventType type,
        EventCause cause,
        String path,
        long revision,
        @Nullable Stat stat,
        @Nullable Value value,
        String contentType,
        @Nullable Znode previous) {}
