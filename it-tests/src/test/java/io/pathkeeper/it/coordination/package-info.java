/** What the loads with sessions and locks record. */
@NullMarked
package io.pathkeeper.it.coordination;

import org.jspecify.annotations.NullMarked;
