package io.pathkeeper.client.model;

import java.time.Instant;

/**
 * Something that an operator has to look at. It goes by itself when it is well again.
 *
 * @param type its kind, such as {@code NOSPACE}; newer servers may have kinds that this version does not know
 * @param memberId server on which it stands
 * @param subject what it is about, such as {@code data.dir}
 * @param message what is wrong and what to do, one sentence
 * @param since when it was raised, by that server's clock
 */
public record Alarm(String type, String memberId, String subject, String message, Instant since) {}
