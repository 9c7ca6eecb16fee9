/**
 * The replicated log, on Apache Ratis: puts commands into it, applies what was committed, confirms leadership for reads, keeps
 * snapshots. Nothing of Ratis is visible outside of this package.
 *
 * <p>May import the core, {@code store}, {@code snapshot}, {@code config}, {@code metrics}, {@code wire} and {@code disk}.
 *
 * <p>Threads: who has the proposer's turn, a caller or its sender thread, seals entries; Ratis's state machine updater is the apply thread, the only one that
 * changes the state; the completion thread tells callers; a scheduler does the leader's periodic duties; links between servers
 * run on gRPC's threads.
 */
@NullMarked
package io.pathkeeper.server.raft;

import org.jspecify.annotations.NullMarked;
