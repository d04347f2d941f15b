package dev.shardstream.streams.group;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** The offsets of a consumer group that commits them in transactions. */
public interface GroupOffsets {
  /**
   * What the group coordinator says.
   *
   * @param offsets the committed ones
   * @param pending those of them that nobody who reads committed offsets gets at the moment,
   *     because a transaction that is not over may change them (KIP-447)
   */
  record Committed(Map<TopicPartition, Long> offsets, Set<TopicPartition> pending) {
    public Committed {
      offsets = Map.copyOf(offsets);
      pending = Set.copyOf(pending);
    }
  }

  /** Asks for them. */
  Committed read();

  /**
   * Ends every transaction of the application by another one that commits nothing and is aborted:
   * its marker ends what the group coordinator takes for pending. Who is in one begins it anew.
   *
   * @param known offsets of the group, which stay what they are
   */
  void endTransactions(Map<TopicPartition, Long> known);
}
