package dev.shardstream.systemtests.ddl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What the table of people must hold in the end, whoever wrote a row: a plain map, fed with the
 * writes that were acknowledged. Rows are (id, full_name, age, city, note) as the last version of
 * the table has them.
 *
 * <p>Safe for several threads, as long as each key has one writer.
 */
final class People {
  /** The statements that make the versions 2 to 9, in order. */
  static final List<String> ALTERATIONS =
      List.of(
          "ALTER TABLE people ADD COLUMN city TEXT DEFAULT 'New York'",
          "ALTER TABLE people DROP COLUMN note",
          "ALTER TABLE people ADD COLUMN note TEXT",
          "ALTER TABLE people RENAME COLUMN name TO full_name",
          "ALTER TABLE people MODIFY COLUMN age BIGINT",
          "COMMENT ON TABLE people IS 'who''s who'",
          "ALTER TABLE people ALTER COLUMN city SET DEFAULT 'Los Angeles'",
          "ALTER TABLE people RENAME TO persons");

  /** Version, change in words and column count, as the history must have them. */
  static final List<List<Object>> HISTORY =
      List.of(
          List.of(1L, "CREATE TABLE", 4L),
          List.of(2L, "ADD COLUMN city TEXT DEFAULT 'New York'", 5L),
          List.of(3L, "DROP COLUMN note", 4L),
          List.of(4L, "ADD COLUMN note TEXT", 5L),
          List.of(5L, "RENAME COLUMN name TO full_name", 5L),
          List.of(6L, "ALTER COLUMN age TYPE BIGINT", 5L),
          List.of(7L, "COMMENT 'who''s who'", 5L),
          List.of(8L, "ALTER COLUMN city SET DEFAULT 'Los Angeles'", 5L),
          List.of(9L, "RENAME TO persons", 5L));

  private static final String FIRST_CITY = "New York";
  private static final String LATER_CITY = "Los Angeles";
  private static final long BEYOND_INTEGER = 1L << 40;

  private final Map<Long, List<@Nullable Object>> rows = new ConcurrentSkipListMap<>();

  static String createTable(int shards) {
    return """
        CREATE TABLE people (
          id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL, age INTEGER, note TEXT DEFAULT 'secret'
        ) WITH (SHARDS=%d)
        """
        .formatted(shards);
  }

  /** A write in the columns of its writer's version, and what becomes of its row. */
  record Write(List<String> columns, List<@Nullable Object> values, List<@Nullable Object> row) {}

  /** A whole row, as a writer of that version puts it. */
  static Write whole(int version, long id, Random random) {
    String name = "name " + random.nextInt(1000);
    long age = random.nextInt(100) + (version >= 6 ? BEYOND_INTEGER : 0);
    String city = "city " + random.nextInt(100);
    String note = "note " + random.nextInt(1000);
    boolean saysCity = random.nextBoolean();
    if (version < 2) {
      return write(List.of("name", "age", "note"), id, List.of(name, age, note), FIRST_CITY, null);
    }
    String byDefault = version < 8 ? FIRST_CITY : LATER_CITY;
    String inCity = saysCity ? city : byDefault;
    List<String> columns = new ArrayList<>(List.of(version < 5 ? "name" : "full_name", "age"));
    List<Object> values = new ArrayList<>(List.of(name, age));
    if (version < 3 || version >= 4) {
      columns.add("note");
      values.add(note);
    }
    if (saysCity) {
      columns.add("city");
      values.add(city);
    }
    return write(columns, id, values, inCity, version >= 4 ? note : null);
  }

  private static Write write(
      List<String> columns, long id, List<Object> values, String city, @Nullable String note) {
    List<String> names = new ArrayList<>(List.of("id"));
    names.addAll(columns);
    List<@Nullable Object> all = new ArrayList<>(List.of(id));
    all.addAll(values);
    return new Write(names, all, Arrays.asList(id, values.get(0), values.get(1), city, note));
  }

  void put(List<@Nullable Object> row) {
    rows.put((Long) row.get(0), row);
  }

  /** An update of age and note by a writer of that version. */
  void update(int version, long id, long age, String note) {
    List<@Nullable Object> row = new ArrayList<>(rows.get(id));
    row.set(2, age);
    if (version >= 4) {
      row.set(4, note);
    }
    rows.put(id, row);
  }

  void remove(long id) {
    rows.remove(id);
  }

  /** All rows by id. */
  List<List<@Nullable Object>> rows() {
    return List.copyOf(rows.values());
  }
}
