/**
 * Checkers of recorded histories: plain computation on what was recorded, without servers, clocks or threads. Imports nothing of this module.
 */
@NullMarked
package io.pathkeeper.it.fault.check;

import org.jspecify.annotations.NullMarked;
