package dev.shardstream.systemtests.containers;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A process of ours in a container that may do as little as one in deploy/compose.yaml. Its data
 * are the container's and outlive a stop and a kill.
 *
 * <p>It listens on the same port inside and on the loopback address outside: what a worker tells
 * others of its address is to hold for both, and this JVM takes every container's name for the
 * loopback address ({@code src/test/hosts}).
 */
final class OwnContainer extends GenericContainer<OwnContainer> {
  private static final Duration READY_LIMIT = Duration.ofMinutes(5);
  private static final int GRACE_SECONDS = 30;
  private static final long MEMORY = 768L * 1024 * 1024;

  OwnContainer(String image, String name, int port, Network network) {
    super(Images.own(image));
    withNetwork(network);
    withNetworkAliases(name);
    setPortBindings(List.of("127.0.0.1:%d:%d".formatted(port, port)));
    withEnv("SHARDSTREAM_HTTP_PORT", Integer.toString(port));
    withEnv("SHARDSTREAM_ADVERTISED_URL", "http://%s:%d".formatted(name, port));
    withEnv("SHARDSTREAM_HTTP_AUTH", "none");
    withEnv("SHARDSTREAM_BOOTSTRAP_SERVERS", ContainerCluster.BROKER);
    withEnv("SHARDSTREAM_SCHEMA_REGISTRY_URL", ContainerCluster.registryAt("registry", 8080));
    withTmpFs(Map.of("/tmp", "exec,mode=1777,size=64m"));
    withCreateContainerCmdModifier(
        command ->
            Objects.requireNonNull(command.getHostConfig(), "host config")
                .withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true"))
                .withMemory(MEMORY));
    waitingFor(Wait.forHealthcheck().withStartupTimeout(READY_LIMIT));
  }

  /** Asks it to end (SIGTERM), as an engine does before it loses patience, and waits for that. */
  ContainerState stopInOrder() {
    getDockerClient().stopContainerCmd(getContainerId()).withTimeout(GRACE_SECONDS).exec();
    return state();
  }

  /** Ends it at once (SIGKILL). */
  void killNow() {
    getDockerClient().killContainerCmd(getContainerId()).exec();
    await("the end of " + getContainerName())
        .atMost(Duration.ofSeconds(GRACE_SECONDS))
        .until(() -> !Boolean.TRUE.equals(state().getRunning()));
  }

  /** Starts it again with its data and waits until it is healthy. */
  void startAgain() {
    getDockerClient().startContainerCmd(getContainerId()).exec();
    await(getContainerName() + " is healthy").atMost(READY_LIMIT).until(this::isHealthy);
  }

  ContainerState state() {
    return getDockerClient().inspectContainerCmd(getContainerId()).exec().getState();
  }
}
