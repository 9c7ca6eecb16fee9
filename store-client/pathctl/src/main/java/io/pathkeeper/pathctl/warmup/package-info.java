/** The training run behind the class-data archive of the launcher. Nothing else uses it. */
@NullMarked
package io.pathkeeper.pathctl.warmup;

import org.jspecify.annotations.NullMarked;
