package dev.shardstream.standalone.process;

import java.nio.file.Path;
import java.util.Map;

/** One shard worker: a node. */
public final class WorkerProcess extends ServiceProcess {
  private static final String MAIN = "dev.shardstream.worker.WorkerMain";

  private final int number;

  /**
   * @param number of the node, from 1
   * @param settings its configuration: where the cluster is, and what differs from the defaults
   */
  public WorkerProcess(ProcessContext context, int number, int port, Map<String, String> settings) {
    super(nodeId(number), MAIN, context, port, settings);
    this.number = number;
  }

  /** The node id of a number, which is the process's name too. */
  public static String nodeId(int number) {
    return "node-" + number;
  }

  /** Where the node keeps its shards. */
  public Path dataDirectory() {
    return context().directory().node(number).resolve("data");
  }

  @Override
  public JvmSize size() {
    return new JvmSize(384, 128);
  }

  @Override
  Path configuration() {
    return context().directory().node(number).resolve("worker.properties");
  }

  @Override
  Map<String, String> localSettings() {
    return Map.of(
        "node.id", nodeId(number),
        "advertised.url", url(),
        "data.dir", dataDirectory().toString());
  }
}
