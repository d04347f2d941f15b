package dev.shardstream.standalone.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.standalone.process.DataDirectory;
import dev.shardstream.standalone.process.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanningTest {
  @TempDir private Path root;
  private final Random random = new Random(11);
  private final Set<Integer> strangers = new HashSet<>();
  private DataDirectory directory;
  private ClusterOptions options;

  @BeforeEach
  void names_the_directory() {
    directory = new DataDirectory(root);
    options = ClusterOptions.in(root);
  }

  private ClusterPlan settle(ClusterOptions wanted) {
    return Planning.settle(directory, wanted, random, port -> !strangers.contains(port));
  }

  @Test
  void a_fresh_directory_gets_two_nodes_and_a_port_of_its_own_for_each_listener() {
    ClusterPlan plan = settle(options);

    assertThat(plan.nodes()).isEqualTo(2);
    assertThat(plan.ports().keySet())
        .containsExactly("broker", "controller", "node-1", "node-2", "registry", "streams-app");
    assertThat(new HashSet<>(plan.ports().values())).hasSize(6);
  }

  @Test
  void the_next_start_finds_the_same_plan() {
    ClusterPlan first = settle(options.withNodes(3));

    assertThat(settle(options)).isEqualTo(first);
    assertThat(ClusterPlan.load(directory)).contains(first);
  }

  @Test
  void more_nodes_are_added_and_the_others_keep_their_ports() {
    ClusterPlan two = settle(options.withNodes(2));

    ClusterPlan three = settle(options.withNodes(3));

    assertThat(three.nodes()).isEqualTo(3);
    assertThat(three.ports()).containsAllEntriesOf(two.ports()).containsKey("node-3");
  }

  @Test
  void fewer_nodes_are_refused_and_nothing_changes() {
    ClusterPlan two = settle(options.withNodes(2));

    assertThatThrownBy(() -> settle(options.withNodes(1)))
        .hasMessage(
            "Invalid argument: number of nodes with data 1: "
                + root
                + " has 2, and none can be taken away");
    assertThat(ClusterPlan.load(directory)).contains(two);
  }

  @Test
  void a_port_that_somebody_else_has_taken_meanwhile_is_replaced() {
    ClusterPlan first = settle(options);
    strangers.add(first.port("registry"));

    ClusterPlan second = settle(options);

    assertThat(second.port("registry")).isNotEqualTo(first.port("registry"));
    assertThat(second.port("broker")).isEqualTo(first.port("broker"));
  }

  @Test
  void somebody_else_is_whoever_listens() throws Exception {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getByName(Ports.HOST))) {
      int port = stranger.getLocalPort();
      new ClusterPlan("default", 1, 1, 2, new TreeMap<>(Map.of("registry", port))).save(directory);

      assertThat(Planning.settle(directory, options).port("registry")).isNotEqualTo(port);
    }
  }

  @Test
  void a_number_of_nodes_out_of_range_is_refused() {
    for (int nodes : List.of(0, 17)) {
      assertThatThrownBy(() -> options.withNodes(nodes))
          .hasMessage("Invalid argument: number of nodes " + nodes + " (must be 1 to 16)");
    }
  }

  @Test
  void a_damaged_plan_is_named_with_its_file() throws Exception {
    Files.writeString(directory.clusterProperties(), "nodes=two\n");

    assertThatThrownBy(() -> settle(options))
        .hasMessage(directory.clusterProperties() + ": nodes is not a number: 'two'");
  }
}
