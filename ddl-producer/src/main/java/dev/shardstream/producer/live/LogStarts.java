package dev.shardstream.producer.live;

import dev.shardstream.producer.metadata.Owners;
import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Shard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a log goes on behind rows that were read from the owners of one topology, each at its own
 * moment.
 *
 * @param owners that were read
 * @param reached by shard id and partition: the next offset that is not in the shard's rows
 */
record LogStarts(Owners owners, Map<Integer, Map<Integer, Long>> reached) {
  /**
   * @param reached by shard id: positions that the shard was read at
   */
  static LogStarts of(Owners owners, Map<Integer, List<Position>> reached) {
    Map<Integer, Map<Integer, Long>> offsets = new HashMap<>();
    reached.forEach(
        (shard, positions) -> {
          Map<Integer, Long> ofShard = new HashMap<>();
          positions.forEach(position -> ofShard.put(position.partition(), position.offset()));
          offsets.put(shard, Map.copyOf(ofShard));
        });
    return new LogStarts(owners, Map.copyOf(offsets));
  }

  /** Whether a change comes behind what was read of its row. */
  boolean precede(RowPlace place, Position change) {
    return owners
        .of(place)
        .map(owner -> change.offset() >= offset(owner, change.partition()))
        .orElse(true);
  }

  private long offset(Shard owner, int partition) {
    Long offset = reached.getOrDefault(owner.getId(), Map.of()).get(partition);
    if (offset == null) {
      throw new ShardstreamException(
          ErrorCode.INTERNAL,
          "shard %d did not say how far it has read partition %d"
              .formatted(owner.getId(), partition));
    }
    return offset;
  }

  /** The first offset of each partition that counts for some row. */
  Map<Integer, Long> first() {
    Map<Integer, Long> first = new HashMap<>();
    for (Shard owner : owners.all()) {
      reached
          .getOrDefault(owner.getId(), Map.of())
          .forEach((partition, offset) -> first.merge(partition, offset, Math::min));
    }
    return first;
  }
}
