package io.pathkeeper.it.container;

/** The images under test, by system properties. Stateless. */
final class Images {
    private Images() {}

    /** The image to test. */
    static String tested() {
        return property("pathkeeper.image");
    }

    /** The image to come from, or to go to, in an upgrade. */
    static String other() {
        return property("pathkeeper.image.other");
    }

    private static String property(String name) {
        String image = System.getProperty(name, "");
        if (image.isEmpty()) {
            throw new IllegalStateException(
                    "-D" + name + " names no image: it-tests/bin/containers-check builds one and runs these tests");
        }
        return image;
    }
}
