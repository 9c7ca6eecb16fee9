/**
 * Small identities that every other package uses. Imports nothing of ours; all types are immutable.
 */
@NullMarked
package io.pathkeeper.server.id;

import org.jspecify.annotations.NullMarked;
