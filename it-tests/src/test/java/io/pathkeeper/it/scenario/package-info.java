/**
 * Scenarios: what a cluster promises, written once and run on every kind of cluster. An abstract class holds the scenarios, its
 * {@code *IT} runs them on servers in this JVM, its {@code *ProcessIT} on real processes.
 *
 * <p>Imports clusters, checkers, the client and the generated stubs. Test methods run one after the other in the test thread; each
 * leaves all servers running.
 */
@NullMarked
package io.pathkeeper.it.scenario;

import org.jspecify.annotations.NullMarked;
