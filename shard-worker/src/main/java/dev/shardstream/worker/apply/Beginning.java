package dev.shardstream.worker.apply;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;

/** Brings a shard to where it can begin to apply its log. */
@FunctionalInterface
public interface Beginning {
  /** Leaves a shard where it is: its log has everything from there on. */
  Beginning WHERE_IT_IS = (file, logStarts, reached) -> {};

  /**
   * Brings a shard that has not been at the end of its log yet to positions that the log holds.
   * What was done is not done again.
   *
   * @param file this thread owns it
   * @param logStarts by partition, the first offset that the log holds
   * @param reached gets the positions whenever they have changed
   * @throws ShardstreamException LOG_TRUNCATED when nothing can bring it there, STALE_SCHEMA when
   *     the catalog has not brought a definition yet
   */
  void bring(ShardFile file, Map<Integer, Long> logStarts, Consumer<Positions> reached)
      throws SQLException, IOException;
}
