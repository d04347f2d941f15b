package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What one heartbeat says of shards, found without a look at all of them. */
public final class ShardReports {
  /** The lag of a shard that has not seen every end of its log. */
  public static final long UNKNOWN_LAG = -1;

  /** Which shard a report is about. */
  public record Key(String tableId, int shardId) {
    private String database() {
      return tableId.substring(0, Math.max(0, tableId.indexOf('-')));
    }
  }

  /**
   * A shard that applies the log and is not at its end.
   *
   * @param lag offsets to the end over all partitions, more than 0
   */
  public record Behind(String tableId, int shardId, long lag) {}

  private final Map<Key, ShardReport> reports = new HashMap<>();
  private final Map<String, List<Key>> byDatabase = new HashMap<>();
  private final List<Behind> behind;

  private ShardReports(Node heartbeat) {
    for (ShardReport report : heartbeat.getShards()) {
      Key key = new Key(report.getTableId(), report.getShardId());
      reports.put(key, report);
      byDatabase.computeIfAbsent(key.database(), d -> new ArrayList<>()).add(key);
    }
    behind =
        heartbeat.getShards().stream()
            .filter(r -> r.getState() == ShardState.APPLYING)
            .map(r -> new Behind(r.getTableId(), r.getShardId(), lag(r)))
            .filter(b -> b.lag() > 0)
            .sorted(Comparator.comparingLong(Behind::lag).reversed())
            .toList();
  }

  public static ShardReports of(Node heartbeat) {
    return new ShardReports(heartbeat);
  }

  /** Offsets to the end over all partitions, {@link #UNKNOWN_LAG} before every end is known. */
  public static long lag(ShardReport report) {
    long lag = 0;
    for (PartitionLag partition : report.getPartitions()) {
      if (partition.getEnd() < 0) {
        return UNKNOWN_LAG;
      }
      lag += Math.max(0, partition.getEnd() - partition.getPosition());
    }
    return lag;
  }

  Optional<ShardReport> find(String tableId, int shardId) {
    return Optional.ofNullable(reports.get(new Key(tableId, shardId)));
  }

  /** The shards of a database, in the order of the heartbeat. */
  public List<Key> of(String database) {
    return Collections.unmodifiableList(
        byDatabase.getOrDefault(database.toLowerCase(Locale.ROOT), List.of()));
  }

  /** The shards that are behind, the furthest first. */
  List<Behind> behind() {
    return behind;
  }
}
