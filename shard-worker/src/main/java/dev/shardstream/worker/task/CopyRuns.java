package dev.shardstream.worker.task;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.worker.copy.ShardCopier;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** What a thread does for a copy: everything, or as much as the pace lets it. */
final class CopyRuns {
  private final ShardRegistry shards;
  private final ShardCopier copier;
  private final CopyMetrics metrics;

  CopyRuns(ShardRegistry shards, ShardCopier copier, CopyMetrics metrics) {
    this.shards = shards;
    this.copier = copier;
    this.metrics = metrics;
  }

  /**
   * @param copy what the newest attempt said when the run began
   */
  ShardCopier.Outcome run(Copying copying, CopyShard copy) throws Exception {
    ShardFile target = copying.shard().file();
    try {
      return copy(copying, copy);
    } catch (ShardstreamException explained) {
      throw explained;
    } catch (SQLException | IOException | RuntimeException failure) {
      target.noticed(failure);
      throw FileFailure.explained(target.path(), failure);
    }
  }

  private ShardCopier.Outcome copy(Copying copying, CopyShard copy)
      throws SQLException, IOException {
    HostedShard shard = copying.shard();
    if (copy.getRepair() > shard.file().repair()) {
      if (copying.pace().waitNanos().isEmpty()) {
        return ShardCopier.Outcome.HELD_UP;
      }
      shards.copyAgain(shard, copy.getRepair(), copy.getCopyAgain());
      metrics.repaired();
    }
    if (!shard.isCopying()) {
      return ShardCopier.Outcome.COMPLETE;
    }
    ShardCopier.Outcome outcome =
        copier.copy(
            new ShardCopier.Job(
                shard.file(),
                copy.getSources(),
                copying.pace(),
                copying.progress(),
                shard.board()::publish));
    if (outcome == ShardCopier.Outcome.COMPLETE) {
      requireAll(shard);
      shards.startApplying(shard);
    }
    return outcome;
  }

  private static void requireAll(HostedShard shard) {
    Positions held = shard.board().current();
    ShardDefinition definition = shard.file().definition();
    List<Integer> missing =
        definition.virtualShards().stream()
            .filter(v -> !held.missing(v, definition.range()).isEmpty())
            .toList();
    if (!missing.isEmpty()) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "the copy names no source for virtual shards "
              + ShardRange.format(missing)
              + " of shard "
              + shard.ref());
    }
  }
}
