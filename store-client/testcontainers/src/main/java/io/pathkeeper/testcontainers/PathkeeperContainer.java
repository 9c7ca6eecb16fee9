package io.pathkeeper.testcontainers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import io.pathkeeper.client.PathkeeperClient;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * One Pathkeeper server in a container, for tests; its data goes with the container. It is ready for reads and writes when {@link #start}
 * returns.
 *
 * <pre>{@code
 * try (PathkeeperContainer server = new PathkeeperContainer("pathkeeper:dev")) {
 *     server.start();
 *     try (PathkeeperClient client = server.newClient()) {
 *         client.store().create("/config", Value.of(8080));
 *     }
 * }
 * }</pre>
 *
 * <p>With JUnit's {@code @Testcontainers} a field with {@code @Container} is started and stopped by itself.
 */
public final class PathkeeperContainer extends GenericContainer<PathkeeperContainer> {
    /** Port for clients, inside the container. */
    public static final int CLIENT_PORT = 7420;

    /** Port of metrics and health, inside the container. */
    public static final int HTTP_PORT = 7422;

    private static final Duration START = Duration.ofMinutes(2);
    private static final String DATA = "/var/lib/pathkeeper";
    private static final String USER = "10001:10001";

    /**
     * Describes a container; nothing is started.
     *
     * @param image with its tag, as {@code pathkeeper:dev}; one that is on the machine is not pulled
     * @throws IllegalArgumentException for what is no name of an image
     */
    public PathkeeperContainer(String image) {
        this(DockerImageName.parse(image));
    }

    /** Describes a container; nothing is started. */
    public PathkeeperContainer(DockerImageName image) {
        super(image);
        image.assertValid();
        withExposedPorts(CLIENT_PORT, HTTP_PORT);
        // reached through published ports of this machine only
        withEnv("PATHKEEPER_SECURITY_ALLOW_INSECURE", "true");
        withCreateContainerCmdModifier(PathkeeperContainer::confine);
        waitingFor(Wait.forHttp("/readyz").forPort(HTTP_PORT).withStartupTimeout(START));
    }

    /** As the Compose files run it: no rights, and nothing written but data. */
    private static void confine(CreateContainerCmd command) {
        var host = command.withUser(USER).getHostConfig();
        if (host != null) {
            host.withReadonlyRootfs(true).withTmpFs(Map.of("/tmp", "rw,exec,nosuid,size=64m"));
        }
    }

    /**
     * Binds the ports to chosen ones of this machine, which stay the same when the container is started again.
     *
     * @param clientPort for clients, 1 to 65535
     * @param httpPort for metrics and health, 1 to 65535
     * @return this
     */
    public PathkeeperContainer withHostPorts(int clientPort, int httpPort) {
        addFixedExposedPort(clientPort, CLIENT_PORT);
        addFixedExposedPort(httpPort, HTTP_PORT);
        return this;
    }

    /** Keeps the data in a volume of this name, which stays when the container goes, instead of one of its own. */
    public PathkeeperContainer withDataVolume(String volume) {
        return withCreateContainerCmdModifier(command -> {
            var host = command.getHostConfig();
            if (host != null) {
                host.withBinds(new Bind(volume, new Volume(DATA)));
            }
        });
    }

    /** Address for clients outside of the container's network, {@code host:port}; once it was started. */
    public String address() {
        return getHost() + ":" + getMappedPort(CLIENT_PORT);
    }

    /** Where {@code /metrics}, {@code /livez} and {@code /readyz} are; once it was started. */
    public URI httpUri() {
        return URI.create("http://" + getHost() + ":" + getMappedPort(HTTP_PORT));
    }

    /** Returns a new client of this server with the defaults; the caller closes it. */
    public PathkeeperClient newClient() {
        return PathkeeperClient.builder().servers(address()).build();
    }
}
