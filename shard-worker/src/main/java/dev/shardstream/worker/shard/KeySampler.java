package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.row.StoredValues;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds shard keys that divide a shard into parts of equally many rows. It walks along the index on
 * the shard key from part to part; SQLite steps over the rows between, so that none of them passes
 * through Java, and each part is a snapshot of its own, so that none is held for long. Under writes
 * the figures are those of each part when it was passed.
 */
public final class KeySampler {
  private static final Duration READ_WAIT = Duration.ofMinutes(1);

  private final ReaderPool readers;
  private final String table;
  private final String key;
  private final String values;
  private final long step;

  /**
   * What was found.
   *
   * @param rows rows of the shard
   * @param keys ordered keys, ascending, none twice: the first one of each part but the first part
   * @param rowsBefore how many rows come before each of these keys
   */
  public record Sample(long rows, List<byte[]> keys, List<Long> rowsBefore) {
    /** With every second key only, until all of them together have at most so many bytes. */
    public Sample within(long bytes) {
      Sample sample = this;
      while (sample.keys.size() > 1
          && sample.keys.stream().mapToLong(key -> key.length).sum() > bytes) {
        sample = new Sample(rows, everySecond(sample.keys), everySecond(sample.rowsBefore));
      }
      return sample;
    }

    private static <T> List<T> everySecond(List<T> all) {
      List<T> some = new ArrayList<>();
      for (int i = 1; i < all.size(); i += 2) {
        some.add(all.get(i));
      }
      return some;
    }
  }

  /** The rows from one key up to the next one, which is missing when there is none. */
  private record Part(long rows, Optional<List<Object>> next) {}

  private KeySampler(ReaderPool readers, TableShape shape, long step) {
    this.readers = readers;
    this.table = shape.name();
    this.key = String.join(", ", shape.shardKeyColumns());
    this.values = String.join(", ", Collections.nCopies(shape.shardKeyColumns().size(), "?"));
    this.step = step;
  }

  /**
   * Samples a shard of a RANGE table. A part has as many rows as asked for or fewer, or all rows of
   * one shard key.
   *
   * @param rows about how many rows the shard has
   * @param parts how many parts are wanted, at least 1
   */
  public static Sample sample(ReaderPool readers, TableShape shape, long rows, int parts)
      throws SQLException {
    return new KeySampler(readers, shape, Math.max(1, (rows + parts - 1) / parts)).sample();
  }

  private Sample sample() throws SQLException {
    List<byte[]> keys = new ArrayList<>();
    List<Long> rowsBefore = new ArrayList<>();
    long passed = 0;
    Optional<List<Object>> first = readers.read(READ_WAIT, reader -> key(reader, "", List.of(), 0));
    while (first.isPresent()) {
      List<Object> from = first.get();
      Part part =
          readers.read(READ_WAIT, reader -> Transaction.deferred(reader, () -> part(reader, from)));
      passed += part.rows();
      first = part.next();
      if (first.isPresent()) {
        keys.add(OrderedKey.of(first.get()));
        rowsBefore.add(passed);
      }
    }
    return new Sample(passed, keys, rowsBefore);
  }

  private Part part(Connection reader, List<Object> from) throws SQLException {
    Optional<List<Object>> next = key(reader, condition(">="), from, step);
    if (next.isPresent() && Arrays.equals(OrderedKey.of(next.get()), OrderedKey.of(from))) {
      next = key(reader, condition(">"), from, 0);
    }
    return new Part(count(reader, from, next), next);
  }

  private String condition(String operator) {
    return " WHERE (" + key + ") " + operator + " (" + values + ")";
  }

  /** The key that so many rows lie before, of those that a condition leaves. */
  private Optional<List<Object>> key(
      Connection reader, String condition, List<Object> bound, long offset) throws SQLException {
    String sql =
        "SELECT "
            + key
            + " FROM "
            + table
            + condition
            + " ORDER BY "
            + key
            + " LIMIT 1 OFFSET "
            + offset;
    try (PreparedStatement select = reader.prepareStatement(sql)) {
      bind(select, 1, bound);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(values(row)) : Optional.empty();
      }
    }
  }

  private static List<Object> values(ResultSet row) throws SQLException {
    List<Object> found = new ArrayList<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      found.add(StoredValues.ofDriver(row.getObject(i)));
    }
    return found;
  }

  private long count(Connection reader, List<Object> from, Optional<List<Object>> to)
      throws SQLException {
    String sql =
        "SELECT count(*) FROM "
            + table
            + condition(">=")
            + (to.isEmpty() ? "" : " AND (" + key + ") < (" + values + ")");
    try (PreparedStatement select = reader.prepareStatement(sql)) {
      bind(select, 1, from);
      if (to.isPresent()) {
        bind(select, 1 + from.size(), to.get());
      }
      try (ResultSet row = select.executeQuery()) {
        return row.getLong(1);
      }
    }
  }

  private static void bind(PreparedStatement select, int at, List<Object> bound)
      throws SQLException {
    for (int i = 0; i < bound.size(); i++) {
      select.setObject(at + i, bound.get(i));
    }
  }
}
