package io.pathkeeper.client.coordination;

import io.pathkeeper.client.model.Value;

/**
 * A leader as everybody sees it.
 *
 * @param term its term: larger than those of all leaders before
 * @param sessionId its session
 * @param candidateId its candidate id
 * @param identity identity of the session's client; empty when it has none
 * @param value what it proclaimed last
 * @param revision revision of the election or of that proclamation
 */
public record Leader(long term, long sessionId, String candidateId, String identity, Value value, long revision) {}
