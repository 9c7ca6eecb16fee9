package io.pathkeeper.server.alarm;

/**
 * Something that is wrong.
 *
 * @param type its kind
 * @param subject what it is about, for example {@code client.tls}; one alarm of a kind for each
 * @param message what is wrong and what to do, one sentence without secrets
 * @param sinceMillis Unix time at which it was raised
 */
public record Alarm(AlarmType type, String subject, String message, long sinceMillis) {
    /** One line for people. */
    public String line() {
        return type + " " + message;
    }
}
