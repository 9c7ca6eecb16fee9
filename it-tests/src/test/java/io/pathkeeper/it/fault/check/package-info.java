/** Known good and known bad histories for every checker. */
@NullMarked
package io.pathkeeper.it.fault.check;

import org.jspecify.annotations.NullMarked;
