package dev.shardstream.systemtests.simulation;

import dev.shardstream.worker.shard.ShardRef;
import java.util.Map;
import java.util.TreeMap;

/** The shards whose rows were lost with a disk or a node, until they are there again. */
final class MadeAnew {
  private final World world;
  private final Map<String, Map<Integer, Long>> endsBefore = new TreeMap<>();
  private int served;

  MadeAnew(World world) {
    this.world = world;
  }

  /** Its rows are lost; it has to catch up with what the log has by now. */
  void begin(ShardRef ref) {
    Map<Integer, Long> ends = new TreeMap<>();
    SimLog log = world.log(ref.tableId());
    for (int partition = 0; log != null && partition < log.partitions(); partition++) {
      ends.put(partition, log.end(partition, world.now()));
    }
    endsBefore.put(ref.toString(), ends);
  }

  boolean isGoingOn(ShardRef ref) {
    return endsBefore.containsKey(ref.toString());
  }

  /** It is copied or dropped. */
  void forget(ShardRef ref) {
    endsBefore.remove(ref.toString());
  }

  /** Its node lets it be read from here on. */
  void serves(ShardContent content) {
    read(content);
    served += isGoingOn(content.definition().ref()) ? 1 : 0;
    forget(content.definition().ref());
  }

  /** How many were there again. */
  int served() {
    return served;
  }

  /** Nobody reads what has not caught up. */
  void read(ShardContent content) {
    ShardRef ref = content.definition().ref();
    endsBefore
        .getOrDefault(ref.toString(), Map.of())
        .forEach(
            (partition, end) -> {
              if (content.positions().least(partition).orElse(end) < end) {
                throw new Violation(
                    "Recovery",
                    "%s is read at %s, its log had %d in partition %d when its rows were lost"
                        .formatted(ref, content.positions().leastByPartition(), end, partition));
              }
            });
  }
}
