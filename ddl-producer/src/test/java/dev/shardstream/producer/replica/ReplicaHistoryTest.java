package dev.shardstream.producer.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.replica.RandomHistory.Entry;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Run one seed alone with {@code -Dseed=17}. */
class ReplicaHistoryTest {
  private static final CatalogIdentity IDENTITY = new CatalogIdentity("t", "topic-1", "default");
  private static final int LENGTH = 60;
  private static final int SEEDS = 15;

  @TempDir private Path directory;

  static List<Long> seeds() {
    Long one = Long.getLong("seed");
    return one == null ? new Random(1).longs(SEEDS, 0, 1_000_000).boxed().toList() : List.of(one);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whoever_has_read_the_same_catalog_holds_the_same_bytes(long seed) {
    List<Entry> history = RandomHistory.of(seed, LENGTH);
    String early = read("early", steps(history));
    assertThat(read("late", List.of(compacted(history)))).isEqualTo(early);
    assertThat(restarted(history, new Random(seed))).isEqualTo(early);
    assertThat(read("hasty", batches(history, new Random(seed)))).isEqualTo(early);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void local_rows_follow_their_columns(long seed) throws SQLException {
    Map<String, Map<Integer, Object>> model = new HashMap<>();
    ReplicaState state = ReplicaState.EMPTY;
    Path path = directory.resolve("rows.db");
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY);
        SqlSession application = SqlSession.reader(path)) {
      application.execute("PRAGMA query_only=OFF");
      for (Entry entry : RandomHistory.of(seed, LENGTH)) {
        state = state.with(change(entry));
        file.advance(state, Map.of());
        Table table = entry.table();
        if (table == null) {
          model.remove(entry.tableId());
        } else if (!model.containsKey(entry.tableId())) {
          application.execute(
              "INSERT INTO \"%s\" (id, name) VALUES (1, 'text %s')"
                  .formatted(table.getName(), entry.tableId()));
          model.put(entry.tableId(), new HashMap<>(Map.of(1, 1, 2, "text " + entry.tableId())));
        } else {
          follow(model.get(entry.tableId()), table);
        }
      }
      for (Table table : state.tables().values()) {
        assertThat(row(application, table)).isEqualTo(model.get(table.getTableId()));
      }
    }
  }

  private static void follow(Map<Integer, Object> row, Table table) {
    row.keySet().retainAll(table.getColumns().stream().map(Column::getId).toList());
    for (Column column : table.getColumns()) {
      Object initial = column.getInitialDefault();
      row.putIfAbsent(column.getId(), initial == null ? "NULL" : ((Long) initial).intValue());
    }
  }

  private static Map<Integer, Object> row(SqlSession session, Table table) throws SQLException {
    return session
        .query(
            "SELECT * FROM \"" + table.getName() + "\"",
            row -> {
              Map<Integer, Object> values = new HashMap<>();
              for (Column column : table.getColumns()) {
                Object value = row.getObject(column.getName());
                values.put(column.getId(), value == null ? "NULL" : value);
              }
              return values;
            })
        .get(0);
  }

  private String read(String name, List<List<Entry>> batches) {
    try (ReplicaFile file = ReplicaFile.open(directory.resolve(name + ".db"), IDENTITY)) {
      batches.forEach(batch -> advance(file, batch));
      return file.dump();
    }
  }

  private String restarted(List<Entry> history, Random random) {
    Path path = directory.resolve("restarted.db");
    for (List<Entry> batch : batches(history, random)) {
      try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
        advance(file, batch);
      }
    }
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      return file.dump();
    }
  }

  private static void advance(ReplicaFile file, List<Entry> batch) {
    Map<String, @Nullable Table> changes = new HashMap<>();
    batch.forEach(entry -> changes.putAll(change(entry)));
    assertThat(file.advance(file.state().with(changes), Map.of(0, 1L))).isTrue();
  }

  private static Map<String, @Nullable Table> change(Entry entry) {
    Map<String, @Nullable Table> change = new TreeMap<>();
    change.put(entry.tableId(), entry.table());
    return change;
  }

  private static List<List<Entry>> steps(List<Entry> history) {
    return history.stream().map(List::of).toList();
  }

  /** What compaction leaves: the last record of each key, in the order of the log. */
  private static List<Entry> compacted(List<Entry> history) {
    Map<String, Entry> last = new LinkedHashMap<>();
    for (Entry entry : history) {
      last.remove(entry.tableId());
      last.put(entry.tableId(), entry);
    }
    return List.copyOf(last.values());
  }

  private static List<List<Entry>> batches(List<Entry> history, Random random) {
    List<List<Entry>> batches = new ArrayList<>();
    for (int from = 0; from < history.size(); ) {
      int to = Math.min(history.size(), from + 1 + random.nextInt(15));
      batches.add(history.subList(from, to));
      from = to;
    }
    return batches;
  }
}
