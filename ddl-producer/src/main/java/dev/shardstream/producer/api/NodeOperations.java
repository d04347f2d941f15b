package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.UndrainNode;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The shard workers of the cluster. Safe for use by several threads.
 *
 * <pre>{@code
 * NodeOperations nodes = shardstream.nodes();
 * CommandReceipt drain = nodes.drain("node-3"); // may be stopped for good when it is applied
 * nodes.list().forEach(node -> System.out.println(node.nodeId() + " " + node.shards()));
 * }</pre>
 */
public final class NodeOperations {
  private final ClientConfig config;
  private final Metadata metadata;
  private final Definitions definitions;

  NodeOperations(ClientConfig config, Metadata metadata, Definitions definitions) {
    this.config = config;
    this.metadata = metadata;
    this.definitions = definitions;
  }

  /** Every node that the cluster has heard of, by its id. */
  public List<NodeInfo> list() {
    return NodeFacts.nodes(metadata.snapshot(), System.currentTimeMillis(), config.nodeTimeout());
  }

  /** All nodes, shards and running reshards of the cluster at one moment. */
  public ClusterView view() {
    return ClusterView.of(metadata.snapshot(), System.currentTimeMillis(), config.nodeTimeout());
  }

  /**
   * Has the control plane decide a command that changes nothing: one of a node that there is none
   * of.
   *
   * @throws ShardstreamException NO_ANSWER after the command timeout
   */
  public void requireControlPlane() {
    try {
      undrain("nobody-" + UUID.randomUUID());
    } catch (ShardstreamException decided) {
      if (decided.code() != ErrorCode.NODE_NOT_FOUND) {
        throw decided;
      }
    }
  }

  /**
   * Waits, after a loss, until every shard of every table is served again. What a node had said
   * before this was called does not count. Nothing is started by it, and nothing changed.
   *
   * @param limit how long to wait at most
   * @param progress gets how far it is whenever there is news; must be quick
   * @return how far it is in the end; not complete when the limit was reached
   */
  public Recovery awaitRecovery(Duration limit, Consumer<Recovery> progress) {
    ClusterView before = view();
    metadata.await(
        snapshot -> {
          Recovery now =
              Recovery.of(
                  before,
                  ClusterView.of(snapshot, System.currentTimeMillis(), config.nodeTimeout()));
          progress.accept(now);
          return now.isComplete();
        },
        limit);
    return Recovery.of(before, view());
  }

  /**
   * Puts no new shard of the configured namespace on a node, and moves away those that are there.
   * Returns as soon as that has begun; it is applied when no shard of the namespace is left on it.
   *
   * @throws ShardstreamException NODE_NOT_FOUND, NO_LIVE_NODE
   */
  public CommandReceipt drain(String nodeId) {
    return CommandReceipt.of(definitions.publish(null, new DrainNode(nodeId)));
  }

  /**
   * Lets a node that was drained take shards again.
   *
   * @throws ShardstreamException NODE_NOT_FOUND
   */
  public CommandReceipt undrain(String nodeId) {
    return CommandReceipt.of(definitions.publish(null, new UndrainNode(nodeId)));
  }
}
