/**
 * The tree: paths, znodes, the immutable view that readers use and the editor that the apply thread uses.
 *
 * <p>May import {@code id}, {@code acl} and {@code value}. Plain Java, deterministic. Views and znodes are immutable and may
 * be read from any thread; a {@code TreeEditor} belongs to the apply thread.
 */
@NullMarked
package io.pathkeeper.server.tree;

import org.jspecify.annotations.NullMarked;
