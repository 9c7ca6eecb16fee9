/**
 * The Java client library of Pathkeeper, a replicated tree of small typed values for coordination and configuration.
 *
 * <p>A program to run:
 *
 * <pre>{@code
 * import io.pathkeeper.client.PathkeeperClient;
 * import io.pathkeeper.client.model.Patch;
 * import io.pathkeeper.client.model.SetOptions;
 * import io.pathkeeper.client.model.Value;
 * import io.pathkeeper.client.observe.ObserveRequest;
 *
 * public class Example {
 *     public static void main(String[] args) {
 *         try (PathkeeperClient client = PathkeeperClient.builder().servers("127.0.0.1:7420").build()) {
 *             var observation = client.observe(
 *                     ObserveRequest.subtree("/config"),
 *                     events -> events.events().forEach(e -> System.out.println(e.type() + " " + e.path() + " " + e.value())));
 *
 *             client.store().set("/config", Value.map("host", "localhost", "port", 8080), SetOptions.defaults().allowMissing(true));
 *             client.store().patch("/config", Patch.create().set("/port", 8081));
 *             System.out.println(client.store().get("/config").value().get("port").asLong()); // 8081
 *
 *             client.async().get("/config").thenAccept(znode -> System.out.println(znode.value())).join();
 *             observation.close();
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Start at {@link io.pathkeeper.client.PathkeeperClient}. {@link io.pathkeeper.client.AsyncStore} is the store, {@link
 * io.pathkeeper.client.Store} the same with blocking calls. Values, options and results are in {@code model}, observations in {@code
 * observe}, exceptions in {@code error}. Sessions, which own ephemeral znodes, are in {@code session}, locks and elections in {@code
 * coordination}, and what programs build from all that, ready made, in {@code recipe}. Users, roles and tokens are in {@code access}. {@code
 * internal} is not for use.
 *
 * <p>May import all packages of the library. Threads: see {@link io.pathkeeper.client.AsyncStore}.
 */
@NullMarked
package io.pathkeeper.client;

import org.jspecify.annotations.NullMarked;
