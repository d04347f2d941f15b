package dev.shardstream.worker.apply;

import dev.shardstream.worker.decide.ChangeRules;
import dev.shardstream.worker.decide.Fold;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.SystemTables;
import dev.shardstream.worker.shard.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Commits segments of the log to a shard file: rows, rejections and positions, or nothing. */
public final class SegmentWriter implements AutoCloseable {
  private final ShardFile file;
  private final ChangeRules rules;
  private final RowTable rows;
  private Positions positions;

  /** To be used by the file's owner thread only. */
  public SegmentWriter(ShardFile file) throws SQLException {
    this.file = file;
    this.rules = new ChangeRules(file.definition().table());
    this.rows = new RowTable(file.writer(), file.shape());
    this.positions = SystemTables.readPositions(file.writer());
  }

  /**
   * What a commit did.
   *
   * @param accepted changes that were accepted
   * @param rejections changes that were refused
   */
  public record Committed(long accepted, List<Rejection> rejections) {}

  /** The positions as committed. */
  public Positions positions() {
    return positions;
  }

  /** Whether the shard still has to apply an entry: it holds its virtual shard, not this far. */
  public boolean concerns(LogEntry entry) {
    return positions
        .of(entry.virtualShard())
        .filter(held -> entry.offset() >= held.nextOffset())
        .isPresent();
  }

  /**
   * @param segment entries that {@link #concerns} accepted, and fences
   * @param reached by partition, the next offset to read after it
   */
  public Committed commit(Segment segment, Map<Integer, Long> reached) throws SQLException {
    Outcome outcome = Transaction.write(file.writer(), () -> writeWithin(segment, reached));
    positions = outcome.positions();
    return outcome.committed();
  }

  private record Outcome(Committed committed, Positions positions) {}

  private Outcome writeWithin(Segment segment, Map<Integer, Long> reached) throws SQLException {
    List<LoggedChange> changes = segment.changes();
    Fold.Result result = Fold.of(rules, rows.fetch(keys(changes)), changes);
    rows.remove(result.removed());
    rows.put(result.puts());
    List<Rejection> rejections = new ArrayList<>(result.rejections());
    segment.unreadable().forEach(entry -> rejections.add(entry.rejection()));
    RejectionTable.insert(file.writer(), rejections);
    Positions next = positions.advanced(reached, result.rowDelta());
    Set<Positions.Held> before = new HashSet<>(positions.held());
    SystemTables.writePositions(
        file.writer(), next.held().stream().filter(held -> !before.contains(held)).toList());
    return new Outcome(new Committed(result.accepted(), rejections), next);
  }

  private static List<RowKey> keys(List<LoggedChange> changes) {
    return changes.stream().map(LoggedChange::key).distinct().sorted().toList();
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
