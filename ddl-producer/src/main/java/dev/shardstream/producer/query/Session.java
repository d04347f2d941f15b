package dev.shardstream.producer.query;

import dev.shardstream.schemas.contract.Position;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * How far one client has seen each log. Every read asks its shards to be at least there, so that a
 * client reads its own writes, and never reads backwards when a cutover gives it another shard.
 *
 * <p>One number for each partition of each table that the client has used. Safe for several
 * threads.
 */
public final class Session {
  private final Map<String, Map<Integer, Long>> seen = new ConcurrentHashMap<>();

  /**
   * A write was acknowledged and later reads must show it.
   *
   * @param next the position behind it: its offset plus one
   */
  public void sawWrite(String tableId, Position next) {
    seen.computeIfAbsent(tableId, id -> new ConcurrentHashMap<>())
        .merge(next.partition(), next.offset(), Math::max);
  }

  /** A read was answered by a shard that stood at these positions. */
  public void sawRead(String tableId, List<Position> positions) {
    positions.forEach(position -> sawWrite(tableId, position));
  }

  /** What a shard must have reached before it answers, of those partitions; by partition. */
  public List<Position> minPositions(String tableId, Set<Integer> partitions) {
    Map<Integer, Long> offsets = seen.getOrDefault(tableId, Map.of());
    return partitions.stream()
        .sorted()
        .flatMap(
            partition -> {
              Long offset = offsets.get(partition);
              return offset == null ? Stream.of() : Stream.of(new Position(partition, offset));
            })
        .toList();
  }
}
