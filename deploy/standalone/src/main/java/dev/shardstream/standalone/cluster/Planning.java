package dev.shardstream.standalone.cluster;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.BrokerProcess;
import dev.shardstream.standalone.process.DataDirectory;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.Ports;
import java.util.Random;

/** Decides what shall run in a directory, from what ran there before and what is asked for. */
final class Planning {
  private Planning() {}

  /**
   * The plan for the options, saved in the directory.
   *
   * @throws ShardstreamException INVALID_ARGUMENT if nodes were to be taken away
   */
  static ClusterPlan settle(DataDirectory directory, ClusterOptions options) {
    ClusterPlan plan =
        enlarged(directory, options)
            // Somebody else may listen on a kept port by now; only a process that still runs is
            // right to be found there.
            .withPorts(
                new Random(),
                (name, port) ->
                    Ports.isFree(port) || JavaProcess.isAlive(directory, processOf(name)));
    plan.save(directory);
    return plan;
  }

  private static ClusterPlan enlarged(DataDirectory directory, ClusterOptions options) {
    ClusterPlan known =
        ClusterPlan.load(directory)
            .orElseGet(
                () ->
                    ClusterPlan.fresh(
                        options.clusterName(),
                        options.nodes().orElse(ClusterOptions.DEFAULT_NODES)));
    int wanted = options.nodes().orElse(known.nodes());
    if (wanted < known.nodes()) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          String.format(
              "number of nodes %d: %s has %d nodes with data, and a node cannot be taken away",
              wanted, directory.root(), known.nodes()));
    }
    return known.withNodes(wanted);
  }

  private static String processOf(String listener) {
    return listener.equals(ClusterPlan.CONTROLLER) ? BrokerProcess.NAME : listener;
  }
}
