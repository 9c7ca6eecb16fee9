/**
 * Sessions and locks by generated stubs, without the client library: what any program in any language does. Beside it the load of many
 * sessions and the contention for one lock, each with its command line.
 *
 * <p>Imports server processes, histories and, to observe, the client. Each class says from which threads it may be used.
 */
@NullMarked
package io.pathkeeper.it.coordination;

import org.jspecify.annotations.NullMarked;
