package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ShardReport;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What one heartbeat says of shards, found without a look at all of them. */
public final class ShardReports {
  private record Key(String tableId, int shardId) {}

  private final Map<Key, ShardReport> reports = new HashMap<>();

  private ShardReports() {}

  public static ShardReports of(Node heartbeat) {
    ShardReports found = new ShardReports();
    for (ShardReport report : heartbeat.getShards()) {
      found.reports.put(new Key(report.getTableId(), report.getShardId()), report);
    }
    return found;
  }

  Optional<ShardReport> find(String tableId, int shardId) {
    return Optional.ofNullable(reports.get(new Key(tableId, shardId)));
  }
}
