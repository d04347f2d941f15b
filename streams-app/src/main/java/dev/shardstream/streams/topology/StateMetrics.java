package dev.shardstream.streams.topology;

import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Limits;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** What the state of the databases looks like from outside, of all partitions of this process. */
final class StateMetrics {
  /** A picture is made so often at most; nobody looks more often. */
  private static final long EVERY_MILLIS = 1_000;

  private static final List<String> NODE_STATES = List.of("up", "leaving", "silent", "lost");

  /**
   * The moment at which a partition was looked at, and what was in it.
   *
   * @param oldestMillis age of the oldest command that is pending
   * @param replicasMissing holders that tables want, less those whose node lives
   * @param nodes by state
   */
  private record Picture(
      long at,
      long pending,
      long oldestMillis,
      long openTasks,
      long paused,
      long backingOff,
      Map<ReshardStatus, Long> reshards,
      Map<ShardStatus, Long> shards,
      long withoutNode,
      long replicasMissing,
      Map<String, Long> nodes) {}

  private final Map<String, Picture> pictures = new ConcurrentHashMap<>();
  private final ReshardMetrics reshards;

  StateMetrics(MeterRegistry registry) {
    this.reshards = new ReshardMetrics(registry);
    ControlMetric.COMMANDS_PENDING.gauge(registry, () -> sum(Picture::pending));
    ControlMetric.OLDEST_PENDING.gauge(registry, () -> most(Picture::oldestMillis) / 1000.0);
    ControlMetric.TASKS_OPEN.gauge(registry, () -> sum(Picture::openTasks));
    ControlMetric.RESHARDS_PAUSED.gauge(registry, () -> sum(Picture::paused));
    ControlMetric.RESHARDS_BACKING_OFF.gauge(registry, () -> sum(Picture::backingOff));
    ControlMetric.SHARDS_WITHOUT_NODE.gauge(registry, () -> sum(Picture::withoutNode));
    ControlMetric.REPLICAS_MISSING.gauge(registry, () -> sum(Picture::replicasMissing));
    for (ReshardStatus status : ReshardStatus.values()) {
      ControlMetric.RESHARDS_RUNNING.gauge(
          registry, () -> sum(p -> p.reshards().getOrDefault(status, 0L)), word(status));
    }
    for (ShardStatus status : ShardStatus.values()) {
      ControlMetric.SHARDS.gauge(
          registry, () -> sum(p -> p.shards().getOrDefault(status, 0L)), word(status));
    }
    for (String state : NODE_STATES) {
      ControlMetric.NODES.gauge(
          registry, () -> most(p -> p.nodes().getOrDefault(state, 0L)), state);
    }
  }

  private long sum(ToLongFunction<Picture> value) {
    return pictures.values().stream().mapToLong(value).sum();
  }

  private long most(ToLongFunction<Picture> value) {
    return pictures.values().stream().mapToLong(value).max().orElse(0);
  }

  /**
   * Looks at what is in one partition, unless that was done a moment ago.
   *
   * @param now milliseconds since the epoch
   */
  void observe(
      String partition,
      Collection<DatabaseState> databases,
      Cluster cluster,
      Limits limits,
      long now) {
    Picture last = pictures.get(partition);
    if (last == null || now - last.at() >= EVERY_MILLIS) {
      pictures.put(partition, picture(databases, cluster, limits, now));
      reshards.show(
          partition, databases.stream().flatMap(d -> d.reshards().stream()).toList(), now);
    }
  }

  private static Picture picture(
      Collection<DatabaseState> databases, Cluster cluster, Limits limits, long now) {
    long pending = 0;
    long oldest = 0;
    long openTasks = 0;
    long paused = 0;
    long backingOff = 0;
    long withoutNode = 0;
    long replicasMissing = 0;
    Map<ReshardStatus, Long> running = new EnumMap<>(ReshardStatus.class);
    Map<ShardStatus, Long> shards = new EnumMap<>(ShardStatus.class);
    for (DatabaseState database : databases) {
      pending += database.unfinishedCount();
      oldest =
          Math.max(
              oldest, database.oldestUnfinished().map(c -> now - c.getReceivedAt()).orElse(0L));
      openTasks += database.tasks().size();
      for (Reshard reshard : database.reshards()) {
        paused += reshard.getPaused() ? 1 : 0;
        backingOff += reshard.getBackingOff() ? 1 : 0;
        running.merge(reshard.getStatus(), 1L, Long::sum);
      }
      for (Topology topology : database.topologies()) {
        replicasMissing += replicasMissing(database, topology, cluster, limits);
        for (Shard shard : topology.getShards()) {
          shards.merge(shard.getStatus(), 1L, Long::sum);
          boolean isAlone =
              shard.getStatus() == ShardStatus.ACTIVE && cluster.isLost(shard.getNodeId(), limits);
          withoutNode += isAlone ? 1 : 0;
        }
      }
    }
    return new Picture(
        now,
        pending,
        oldest,
        openTasks,
        paused,
        backingOff,
        running,
        shards,
        withoutNode,
        replicasMissing,
        nodes(cluster, limits));
  }

  /** Holders that are wanted, less those whose node lives. */
  private static long replicasMissing(
      DatabaseState database, Topology topology, Cluster cluster, Limits limits) {
    int wanted =
        database
            .table(topology.getTableId())
            .filter(table -> table.getStatus() == TableStatus.ACTIVE)
            .map(Table::getReplicas)
            .orElse(0);
    return Group.of(topology).stream()
        .mapToLong(
            group ->
                wanted
                    - group.holders().stream()
                        .filter(holder -> !cluster.isLost(holder.getNodeId(), limits))
                        .count())
        .filter(missing -> missing > 0)
        .sum();
  }

  private static Map<String, Long> nodes(Cluster cluster, Limits limits) {
    Map<String, Long> nodes = new ConcurrentHashMap<>();
    cluster.nodes().values().forEach(seen -> nodes.merge(state(seen, limits), 1L, Long::sum));
    return nodes;
  }

  private static String state(Cluster.Seen seen, Limits limits) {
    if (seen.node().getState() == NodeState.LEAVING) {
      return "leaving";
    }
    if (seen.silentMillis() >= limits.nodeTimeout()) {
      return "lost";
    }
    return seen.silentMillis() >= limits.taskTimeout() ? "silent" : "up";
  }

  /** A partition is not this process's any more. */
  void forget(String partition) {
    pictures.remove(partition);
    reshards.forget(partition);
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
