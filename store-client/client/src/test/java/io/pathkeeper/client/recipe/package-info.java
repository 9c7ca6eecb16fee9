/** Tests of the recipes against a cluster in memory. */
@NullMarked
package io.pathkeeper.client.recipe;

import org.jspecify.annotations.NullMarked;
