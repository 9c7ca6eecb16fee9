/**
 * Who belongs to the cluster, for operators: taking servers in, putting them out, votes, and who leads.
 *
 * <p>May import {@code model}. No thread of its own.
 */
@NullMarked
package io.pathkeeper.client.cluster;

import org.jspecify.annotations.NullMarked;
