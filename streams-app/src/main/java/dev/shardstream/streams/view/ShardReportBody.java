package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.streams.state.ShardReports;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a shard's node has last said of it.
 *
 * @param tableId the table
 * @param shardId the shard
 * @param state {@code copying}, {@code applying} or {@code failed}
 * @param schemaVersion version of its table that it has reached
 * @param rows rows in it
 * @param bytes size of its files
 * @param appliedChanges changes applied since its node started
 * @param lag offsets to the end of its log; null before that is known
 * @param positions where it is in each partition
 * @param error why it has stopped; null if it has not
 */
public record ShardReportBody(
    String tableId,
    int shardId,
    String state,
    int schemaVersion,
    long rows,
    long bytes,
    long appliedChanges,
    @Nullable Long lag,
    List<PositionBody> positions,
    @Nullable String error) {

  /**
   * A position in one partition.
   *
   * @param partition the partition
   * @param position next offset to apply
   * @param end end that a read-committed reader can reach; null before it is known
   */
  public record PositionBody(int partition, long position, @Nullable Long end) {}

  static ShardReportBody of(ShardReport report) {
    long lag = ShardReports.lag(report);
    return new ShardReportBody(
        report.getTableId(),
        report.getShardId(),
        Words.of(report.getState()),
        report.getSchemaVersion(),
        report.getRows(),
        report.getBytes(),
        report.getAppliedChanges(),
        lag == ShardReports.UNKNOWN_LAG ? null : (Long) lag,
        report.getPartitions().stream()
            .map(
                p ->
                    new PositionBody(
                        p.getPartition(),
                        p.getPosition(),
                        p.getEnd() < 0 ? null : (Long) p.getEnd()))
            .toList(),
        report.getError());
  }
}
