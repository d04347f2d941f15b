package dev.shardstream.worker.apply;

import dev.shardstream.worker.decide.ChangeRules;
import dev.shardstream.worker.decide.Fold;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.RulesInForce;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.decide.ShardKeys;
import dev.shardstream.worker.decide.Standing;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.RuleTable;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Commits segments of the log to a shard file: rows, rejections, rules and positions, or nothing.
 */
public final class SegmentWriter implements AutoCloseable {
  /** Of a stream table, deleted in one transaction between two batches. */
  private static final long MOST_EXPIRED = 10_000;

  /**
   * Housekeeping leaves rows alone that expired less than this ago by the log's time: a broker's
   * clock that steps back by less makes no row vanish too early.
   */
  private static final long EXPIRY_SLACK_MILLIS = 10_000;

  private final ShardFile file;
  private final ChangeRules rules;
  private final RowTable rows;
  private final ExpiredRows expired;
  private final Map<Integer, Long> logTimes = new HashMap<>();
  private Standing standing;

  /** To be used by the file's owner thread only. */
  public SegmentWriter(ShardFile file) throws SQLException {
    this.file = file;
    this.rules = new ChangeRules(file.appliedShape().table());
    this.rows = new RowTable(file.writer(), file.appliedShape());
    this.expired = new ExpiredRows(file.writer(), file.shape());
    this.standing =
        new Standing(
            PositionTable.read(file.writer()),
            RulesInForce.of(RuleTable.read(file.writer(), file.ref().tableId())),
            ShardKeys.of(file.definition().table()));
  }

  /**
   * What a commit did.
   *
   * @param accepted changes that were accepted
   * @param rejections changes that were refused
   */
  public record Committed(long accepted, List<Rejection> rejections) {}

  private record Outcome(Committed committed, Standing standing) {}

  /** The positions as committed. */
  public Positions positions() {
    return standing.positions();
  }

  /** Whether the shard still has to apply an entry. */
  public boolean concerns(LogEntry entry) {
    return standing.concerns(entry);
  }

  /**
   * @param segment entries that {@link #concerns} accepted, and fences
   * @param reached by partition, the next offset to read after it
   */
  public Committed commit(Segment segment, Map<Integer, Long> reached) throws SQLException {
    Outcome outcome = Transaction.write(file.writer(), () -> writeWithin(segment, reached));
    standing = outcome.standing();
    for (LoggedChange change : segment.changes()) {
      logTimes.merge(change.partition(), change.timestamp(), Math::max);
    }
    return outcome.committed();
  }

  private Outcome writeWithin(Segment segment, Map<Integer, Long> reached) throws SQLException {
    Fold.Result result = Deciding.fold(rules, standing.inForce(), rows, segment.changes());
    rows.remove(result.removed());
    rows.put(result.puts());
    List<Rejection> rejections = new ArrayList<>(result.rejections());
    segment.unreadable().forEach(entry -> rejections.add(entry.rejection()));
    RejectionTable.insert(file.writer(), rejections);
    Map<Integer, Long> delta = new HashMap<>(result.rowDelta());
    deleteExpired(segment).forEach((v, less) -> delta.merge(v, less, Long::sum));
    Standing next = standing.after(segment, reached, delta);
    writePositions(next.positions());
    for (LogEntry.Ruled entry : segment.rules()) {
      RuleTable.write(file.writer(), standing.ruled(entry), entry.rule());
    }
    return new Outcome(new Committed(result.accepted(), rejections), next);
  }

  private void writePositions(Positions next) throws SQLException {
    PositionTable.write(file.writer(), standing.positions(), next);
  }

  /** At a fence every replica has the same rows: nothing that is expired at the fence's time. */
  private Map<Integer, Long> deleteExpired(Segment segment) throws SQLException {
    Map<Integer, Long> delta = new HashMap<>();
    for (LogEntry.Fenced fence : segment.fences().values()) {
      OptionalLong updated = expired.expiredAt(fence.timestamp());
      if (updated.isPresent()) {
        delta.putAll(
            expired.delete(heldIn(fence.partition()), updated.getAsLong(), Long.MAX_VALUE));
      }
    }
    return delta;
  }

  private Collection<Integer> heldIn(int partition) {
    return positions().held().stream()
        .filter(held -> held.partition() == partition)
        .map(Positions.Held::virtualShard)
        .distinct()
        .toList();
  }

  /**
   * Deletes some of the rows that have expired by the log's time. Readers and changes do not see
   * them anyway.
   *
   * @return whether there were any
   */
  public boolean deleteExpired() throws SQLException {
    Standing before = standing;
    for (Map.Entry<Integer, Long> logTime : logTimes.entrySet()) {
      OptionalLong updated = expired.expiredAt(logTime.getValue() - EXPIRY_SLACK_MILLIS);
      if (updated.isPresent()) {
        Collection<Integer> held = heldIn(logTime.getKey());
        standing =
            Transaction.write(file.writer(), () -> withoutExpired(held, updated.getAsLong()));
      }
    }
    return !standing.positions().equals(before.positions());
  }

  private Standing withoutExpired(Collection<Integer> held, long updated) throws SQLException {
    Map<Integer, Long> delta = expired.delete(held, updated, MOST_EXPIRED);
    Positions next = positions().advanced(Map.of(), delta);
    writePositions(next);
    return new Standing(next, standing.inForce(), standing.keys());
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
