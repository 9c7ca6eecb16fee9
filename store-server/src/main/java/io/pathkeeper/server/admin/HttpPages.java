package io.pathkeeper.server.admin;

/** Makes what is answered. On the threads {@code http-N}; may take some milliseconds. */
@FunctionalInterface
interface HttpPages {
    /**
     * A page.
     *
     * @param path as it stands in the request, from its first slash to its question mark
     * @param query what is behind the question mark; empty when there is none
     */
    Page get(String path, String query);

    /**
     * What is sent.
     *
     * @param code status code of HTTP
     * @param type type of the text
     */
    record Page(int code, String type, String text) {
        static final String TEXT = "text/plain; charset=utf-8";

        static Page text(int code, String text) {
            return new Page(code, TEXT, text);
        }
    }
}
