package dev.shardstream.standalone.cluster;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.BrokerProcess;
import dev.shardstream.standalone.process.DataDirectory;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.Ports;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** Decides what shall run in a directory, from what ran there before and what is asked for. */
final class Planning {
  private Planning() {}

  /**
   * The plan for the options, saved in the directory.
   *
   * @throws ShardstreamException INVALID_ARGUMENT if nodes were to be taken away
   */
  static ClusterPlan settle(DataDirectory directory, ClusterOptions options) {
    return settle(directory, options, new Random(), Ports::isFree);
  }

  /**
   * {@link #settle(DataDirectory, ClusterOptions)}.
   *
   * @param isFree whether nobody listens on a port
   */
  static ClusterPlan settle(
      DataDirectory directory,
      ClusterOptions options,
      RandomGenerator random,
      IntPredicate isFree) {
    ClusterPlan plan =
        enlarged(directory, options)
            // Somebody else may listen on a kept port by now; only a process that still runs is
            // right to be found there.
            .withPorts(
                random,
                isFree,
                (name, port) ->
                    isFree.test(port) || JavaProcess.isAlive(directory, processOf(name)));
    plan.save(directory);
    return plan;
  }

  private static ClusterPlan enlarged(DataDirectory directory, ClusterOptions options) {
    Optional<ClusterPlan> before = ClusterPlan.load(directory);
    ClusterPlan known =
        before.orElseGet(() -> ClusterPlan.fresh(options.clusterName(), options.brokers()));
    int streams = options.streams().orElse(known.streams());
    int nodes = options.nodes().orElse(known.nodes());
    if (before.isPresent()) {
      requireNoFewer(directory, "control planes", streams, known.streams());
      requireNoFewer(directory, "nodes with data", nodes, known.nodes());
    }
    return known.with(streams, nodes);
  }

  private static void requireNoFewer(DataDirectory directory, String what, int wanted, int known) {
    if (wanted < known) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          String.format(
              "number of %s %d: %s has %d, and none can be taken away",
              what, wanted, directory.root(), known));
    }
  }

  private static String processOf(String listener) {
    return listener.replaceFirst("^" + ClusterPlan.CONTROLLER, BrokerProcess.NAME);
  }
}
