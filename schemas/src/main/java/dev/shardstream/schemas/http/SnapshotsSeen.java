package dev.shardstream.schemas.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a table that a node can begin shards with.
 *
 * @param place where it looks for them; null when it is configured to look nowhere
 * @param names of the complete ones of this Kafka cluster, the newest first
 */
public record SnapshotsSeen(@Nullable String place, List<String> names) {
  public SnapshotsSeen {
    names = names == null ? List.of() : List.copyOf(names);
  }
}
