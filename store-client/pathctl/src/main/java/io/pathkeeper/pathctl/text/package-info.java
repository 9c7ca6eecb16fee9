/**
 * Text that goes in and out: paths, JSON, tables, event lines. Imports the client's model, jackson-core and nothing else of
 * {@code pathctl} but {@code CommandFailure}. No state, no threads.
 */
@NullMarked
package io.pathkeeper.pathctl.text;

import org.jspecify.annotations.NullMarked;
