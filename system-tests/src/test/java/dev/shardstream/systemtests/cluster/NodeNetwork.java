package dev.shardstream.systemtests.cluster;

import dev.shardstream.standalone.cluster.Sites;
import dev.shardstream.standalone.process.Site;
import dev.shardstream.systemtests.process.ProgramRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A network of its own for each of two workers: network namespaces on a bridge, at the other end of
 * which is this machine with everything else. The path between the workers can be cut so that both
 * still reach the rest. Packets are lost then, as with a broken switch; nobody is told.
 *
 * <p>Register it before the cluster, so that it is made before and removed after it. See
 * network_namespaces(7) and bridge(8), {@code isolated}.
 */
public final class NodeNetwork implements BeforeAllCallback, AfterAllCallback {
  private static final int NODES = 2;

  /** One for each checkout, so that what a killed run has left is found and replaced. */
  private static final int NUMBER = 1 + Math.floorMod(TestPaths.directory("").hashCode(), 250);

  private static final String BRIDGE = "shardnet" + NUMBER;

  /** Of the network that RFC 2544 sets aside for tests. */
  private static final String SUBNET = "198.18." + NUMBER + ".";

  /** Whether this machine lets us; says on standard output why not. For {@code EnabledIf}. */
  public static boolean isPossible() {
    String probe = BRIDGE + "-probe";
    ProgramRun run =
        run(
            """
            trap 'ip netns del %1$s 2>&-' EXIT
            command -v ip && ip netns add %1$s && ip netns exec %1$s true &&
              ip link add %2$s type bridge && ip link del %2$s
            """
                .formatted(probe, BRIDGE + "p"));
    if (run.status() != 0) {
      System.out.println("no network of our own: " + run.err().strip());
    }
    return run.status() == 0;
  }

  /** Where to start what. */
  public Sites sites() {
    return new Sites(
        new Site(SUBNET + 1, List.of()),
        IntStream.rangeClosed(1, NODES)
            .mapToObj(
                node -> new Site(address(node), List.of("ip", "netns", "exec", namespace(node))))
            .toList());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    remove();
    must(
        """
        ip link add %1$s type bridge
        ip addr add %2$s1/24 dev %1$s
        ip link set %1$s up
        """
            .formatted(BRIDGE, SUBNET));
    for (int node = 1; node <= NODES; node++) {
      must(
          """
          ip netns add %1$s
          ip link add %2$s type veth peer name eth0 netns %1$s
          ip link set %2$s master %3$s up
          ip -n %1$s addr add %4$s/24 dev eth0
          ip -n %1$s link set eth0 up
          ip -n %1$s link set lo up
          """
              .formatted(namespace(node), port(node), BRIDGE, address(node)));
    }
  }

  /** Cuts the path between the workers. */
  public void cut() {
    isolate("on");
  }

  /** Mends it. */
  public void mend() {
    isolate("off");
  }

  private static void isolate(String onOrOff) {
    for (int node = 1; node <= NODES; node++) {
      must("ip link set %s type bridge_slave isolated %s".formatted(port(node), onOrOff));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    remove();
  }

  /** Removes what is there of it. */
  private static void remove() {
    for (int node = 1; node <= NODES; node++) {
      must("! ip netns list | grep -qw %1$s || ip netns del %1$s".formatted(namespace(node)));
      removeLink(port(node));
    }
    removeLink(BRIDGE);
  }

  /** A port goes with its namespace, but later, so it may vanish at any moment. */
  private static void removeLink(String name) {
    must("ip link del %1$s || ! ip link show %1$s".formatted(name));
  }

  private static String namespace(int node) {
    return BRIDGE + "-" + node;
  }

  private static String port(int node) {
    return BRIDGE + "n" + node;
  }

  private static String address(int node) {
    return SUBNET + (10 + node);
  }

  private static void must(String commands) {
    run(commands).succeeded();
  }

  private static ProgramRun run(String commands) {
    Path directory = Directories.existing(TestPaths.directory("network"));
    return ProgramRun.of(
        List.of("sh", "-ec", commands), directory, Map.of(), "", Patience.ONE_STEP);
  }
}
