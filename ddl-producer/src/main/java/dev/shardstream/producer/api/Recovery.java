package dev.shardstream.producer.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How much of a cluster is back after a loss, by what its nodes have said since then. Pure.
 *
 * @param tables tables that have shards
 * @param shards shards of all tables, replicas too
 * @param served of these applied by their nodes, to the ends of their logs or nearly
 * @param waitsFor what the others wait for, a phrase each, in the order of the nodes
 */
public record Recovery(int tables, int shards, int served, List<String> waitsFor) {
  /** A shard is never at the end of a log that is written to. */
  private static final long NEARLY_MILLIS = 5_000;

  public Recovery {
    waitsFor = List.copyOf(waitsFor);
  }

  /** Whether nothing is waited for. */
  public boolean isComplete() {
    return served == shards;
  }

  /** Why a shard is not served. */
  private enum Reason {
    SILENT,
    NOT_HEARD,
    NOT_TAKEN,
    COPYING,
    FAILED,
    BEHIND
  }

  private record Cause(String nodeId, Reason reason) implements Comparable<Cause> {
    @Override
    public int compareTo(Cause other) {
      int byNode = nodeId.compareTo(other.nodeId);
      return byNode == 0 ? reason.compareTo(other.reason) : byNode;
    }

    String phrase(List<ShardProgress> shards) {
      String those = shards.size() == 1 ? "a shard" : shards.size() + " shards";
      return switch (reason) {
        case SILENT -> "node '%s', which has %s and is silent: start it".formatted(nodeId, those);
        case NOT_HEARD -> "a word of node '%s', which has %s".formatted(nodeId, those);
        case NOT_TAKEN -> "node '%s' to begin with %s".formatted(nodeId, those);
        case COPYING -> "%s that node '%s' copies".formatted(those, nodeId);
        case FAILED ->
            "%s on node '%s', made anew or failed: the node's log says which"
                .formatted(those, nodeId);
        case BEHIND ->
            "%s on node '%s', %d offsets behind"
                .formatted(
                    those,
                    nodeId,
                    shards.stream()
                        .map(ShardProgress::offsetsBehind)
                        .filter(Objects::nonNull)
                        .mapToLong(Long::longValue)
                        .sum());
      };
    }
  }

  /**
   * Judges what is there.
   *
   * @param before what was known when it began: what a node has said until then may be older than
   *     the loss
   */
  static Recovery of(ClusterView before, ClusterView now) {
    Map<String, Long> heard =
        before.nodes().stream().collect(Collectors.toMap(NodeInfo::nodeId, NodeInfo::heartbeatAt));
    Map<Cause, List<ShardProgress>> waits = new TreeMap<>();
    for (ShardProgress shard : now.shards()) {
      Reason reason = reason(shard, heard.get(shard.nodeId()));
      if (reason != null) {
        waits
            .computeIfAbsent(new Cause(shard.nodeId(), reason), first -> new ArrayList<>())
            .add(shard);
      }
    }
    int waiting = waits.values().stream().mapToInt(List::size).sum();
    return new Recovery(
        (int) now.shards().stream().map(ShardProgress::tableId).distinct().count(),
        now.shards().size(),
        now.shards().size() - waiting,
        waits.entrySet().stream().map(wait -> wait.getKey().phrase(wait.getValue())).toList());
  }

  private static @Nullable Reason reason(ShardProgress shard, @Nullable Long heardBefore) {
    if (shard.heartbeatAt() == null || ShardProgress.SILENT.equals(shard.state())) {
      return Reason.SILENT;
    }
    if (shard.heartbeatAt().equals(heardBefore)) {
      return Reason.NOT_HEARD;
    }
    if (shard.state() == null) {
      return Reason.NOT_TAKEN;
    }
    return switch (shard.state()) {
      case "applying" -> isNearlyThere(shard) ? null : Reason.BEHIND;
      case "copying" -> Reason.COPYING;
      default -> Reason.FAILED;
    };
  }

  private static boolean isNearlyThere(ShardProgress shard) {
    Long offsets = shard.offsetsBehind();
    Long millis = shard.millisBehind();
    return offsets != null && offsets == 0 || millis != null && millis <= NEARLY_MILLIS;
  }
}
