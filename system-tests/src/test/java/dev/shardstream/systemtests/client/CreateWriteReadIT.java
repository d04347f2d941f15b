package dev.shardstream.systemtests.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables are created, written and read by SQL. */
class CreateWriteReadIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private Shardstream client;

  @BeforeEach
  void use_the_shared_client() {
    client = CLUSTER.client();
  }

  @Test
  void values_of_every_type_come_back_exactly() {
    client.execute(
        """
        CREATE TABLE every_type (
          id BIGINT PRIMARY KEY, small INT, whole INTEGER, big BIGINT, ratio FLOAT, amount DOUBLE,
          exact REAL, note TEXT, code VARCHAR(3), flag BOOLEAN, day DATE, at TIMESTAMP, body BLOB
        ) WITH (SHARDS=3)
        """);
    client.execute(
        """
        INSERT INTO every_type VALUES
          (9223372036854775807, -2147483648, 2147483647, -9223372036854775808, 0.1, 0.1, -0.0,
           'it''s', 'Zü😀', TRUE, '1969-12-31', '1998-08-02 10:15:30.123456', x'00ff'),
          (-9223372036854775808, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           NULL),
          (9007199254740993, 0, 0, 9007199254740993, -1.5, 1e300, 3, '', '', FALSE, '2000-02-29',
           '2026-11-21T00:00:00Z', x'')
        """);
    client.execute(
        "INSERT INTO every_type VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        7L,
        1,
        2L,
        3L,
        0.25f,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        "line\nbreak\u0000",
        "abc",
        true,
        "1582-10-15",
        "1960-01-01 00:00:00.500",
        new byte[] {0, 1, 2});

    assertThat(rows("SELECT * FROM every_type ORDER BY id"))
        .isEqualTo(
            List.of(
                row(
                    Long.MIN_VALUE,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null),
                row(
                    7L,
                    1L,
                    2L,
                    3L,
                    0.25,
                    Double.MIN_VALUE,
                    Double.MAX_VALUE,
                    "line\nbreak\u0000",
                    "abc",
                    1L,
                    "1582-10-15",
                    "1960-01-01 00:00:00.500",
                    "x'000102'"),
                row(
                    9007199254740993L,
                    0L,
                    0L,
                    9007199254740993L,
                    -1.5,
                    1e300,
                    3.0,
                    "",
                    "",
                    0L,
                    "2000-02-29",
                    "2026-11-21 00:00:00",
                    "x''"),
                row(
                    Long.MAX_VALUE,
                    (long) Integer.MIN_VALUE,
                    (long) Integer.MAX_VALUE,
                    Long.MIN_VALUE,
                    (double) 0.1f,
                    0.1,
                    -0.0,
                    "it's",
                    "Zü😀",
                    1L,
                    "1969-12-31",
                    "1998-08-02 10:15:30.123456",
                    "x'00ff'")));
    assertThat(rows("SELECT big, typeof(exact), typeof(note) FROM every_type WHERE id = ?", 7L))
        .isEqualTo(List.of(row(3L, "real", "text")));
  }

  @Test
  void rows_are_inserted_replaced_updated_and_deleted() {
    client.execute(
        """
        CREATE TABLE residents (
          country TEXT, id INT, name TEXT NOT NULL, age INT DEFAULT 18, PRIMARY KEY (country, id)
        ) WITH (SHARDS=4, PARTITIONS=8, SHARD KEY=(country))
        """);

    Result inserted =
        client.execute(
            """
            INSERT INTO residents (country, id, name) VALUES
              ('de', 1, 'Ada'), ('de', 2, 'Bob'), ('fr', 1, 'Cleo'), ('fr', 2, 'Dan')
            """);
    client.execute("UPSERT INTO residents VALUES ('de', 2, 'Bea', 30)");
    client.execute("INSERT OR REPLACE INTO residents VALUES ('it', 1, 'Eva', 40)");
    Result older = client.execute("UPDATE residents SET age = age + 1 WHERE country = 'de'");
    Result renamed =
        client.execute("UPDATE residents SET name = 'Dana' WHERE country = 'fr' AND id = 2");
    Result deleted = client.execute("DELETE FROM residents WHERE age > 35");
    Result none = client.execute("DELETE FROM residents WHERE country = 'xx' AND id = 9");

    assertThat(
            List.of(
                inserted.affected(),
                older.affected(),
                renamed.affected(),
                deleted.affected(),
                none.affected()))
        .isEqualTo(List.of(4L, 2L, 1L, 1L, 0L));
    assertThat(rows("SELECT * FROM residents ORDER BY country, id"))
        .isEqualTo(
            List.of(
                row("de", 1L, "Ada", 19L),
                row("de", 2L, "Bea", 31L),
                row("fr", 1L, "Cleo", 18L),
                row("fr", 2L, "Dana", 18L)));
  }

  @Test
  void queries_over_many_shards_answer_as_one_sqlite_would() {
    client.execute(
        "CREATE TABLE sales (id INT PRIMARY KEY, shop INT, price DOUBLE) /* SHARDS=5 */");
    client.execute("CREATE TABLE shops (id INT PRIMARY KEY, name TEXT) WITH (SHARDS=2)");
    client.execute("INSERT INTO shops VALUES (0, 'north'), (1, 'south'), (2, 'closed')");
    String values =
        String.join(
            ", ",
            IntStream.range(0, 100)
                .mapToObj(id -> "(" + id + ", " + id % 2 + ", " + (id + 0.5) + ")")
                .toList());
    client.execute("INSERT INTO sales VALUES " + values);

    assertThat(rows("SELECT count(*), min(id), max(price), avg(id) FROM sales"))
        .isEqualTo(List.of(row(100L, 0L, 99.5, 49.5)));
    assertThat(rows("SELECT shop, count(*), sum(id) FROM sales GROUP BY shop ORDER BY shop"))
        .isEqualTo(List.of(row(0L, 50L, 2450L), row(1L, 50L, 2500L)));
    assertThat(
            rows(
                """
                SELECT s.name, count(x.id) AS sold FROM shops s LEFT JOIN sales x ON x.shop = s.id
                GROUP BY s.name ORDER BY sold DESC, s.name
                """))
        .isEqualTo(List.of(row("north", 50L), row("south", 50L), row("closed", 0L)));
    assertThat(rows("SELECT id FROM sales WHERE id IN (3, 97, 12, 500) ORDER BY id DESC LIMIT 2"))
        .isEqualTo(List.of(row(97L), row(12L)));
    assertThat(
            rows(
                """
                WITH top AS (SELECT id FROM sales ORDER BY price DESC LIMIT 3)
                SELECT id FROM sales WHERE id IN (SELECT id FROM top) ORDER BY id
                """))
        .isEqualTo(List.of(row(97L), row(98L), row(99L)));
    assertThat(rows("SELECT DISTINCT shop FROM sales WHERE price > 50 ORDER BY 1"))
        .isEqualTo(List.of(row(0L), row(1L)));
  }

  @Test
  void show_describe_and_stats_tell_of_a_table_and_a_dropped_name_is_free_again() {
    client.execute(
        """
        CREATE TABLE IF NOT EXISTS told (
          id BIGINT, name VARCHAR(20) NOT NULL DEFAULT 'nobody', PRIMARY KEY (id)
        ) WITH (SHARDS=2, PARTITIONS=4)
        """);
    client.execute("CREATE TABLE IF NOT EXISTS told (id INT PRIMARY KEY)");
    client.execute("INSERT INTO told (id) VALUES (1), (2), (3)");

    assertThat(told()).isEqualTo(List.of(row("told", "default", 2L, 4L, "hash", 1L, "active")));
    Result described = client.execute("DESCRIBE TABLE told");
    assertThat(described.columns())
        .isEqualTo(
            List.of(
                "section",
                "ordinal",
                "name",
                "value",
                "detail",
                "column_id",
                "nullable",
                "default_value",
                "key",
                "comment",
                "schema_version"));
    assertThat(described.rows().stream().map(row -> without(row, 1)))
        .contains(
            fact("TABLE_INFO", "shards", "2", null),
            fact("TABLE_INFO", "shard_key", "id", null),
            fact("INDEXES", "PRIMARY KEY", "ready", "id"));
    assertThat(described.rows())
        .contains(
            row(
                "COLUMNS",
                1L,
                "id",
                "BIGINT",
                "NOT NULL PRIMARY KEY",
                1L,
                "NO",
                null,
                "SHARD, PRIMARY",
                null,
                1L),
            row(
                "COLUMNS",
                2L,
                "name",
                "VARCHAR(20)",
                "NOT NULL DEFAULT 'nobody'",
                2L,
                "NO",
                "'nobody'",
                null,
                null,
                1L));
    assertThat(rows("SELECT name FROM told WHERE id = 2")).isEqualTo(List.of(row("nobody")));

    client.execute("DROP TABLE told");
    client.execute("DROP TABLE IF EXISTS told");
    assertThat(told()).isEmpty();
    client.execute("CREATE TABLE told (id TEXT PRIMARY KEY) WITH (SHARDS=1)");
    assertThat(rows("SELECT * FROM told")).isEmpty();
  }

  private static List<@Nullable Object> fact(
      String section, String name, String value, @Nullable String detail) {
    return row(section, name, value, detail, null, null, null, null, null, null);
  }

  private static List<@Nullable Object> without(List<@Nullable Object> row, int at) {
    List<@Nullable Object> rest = new ArrayList<>(row);
    rest.remove(at);
    return rest;
  }

  private List<List<@Nullable Object>> told() {
    Result tables = client.execute("SHOW TABLES");
    assertThat(tables.columns().subList(0, 7))
        .isEqualTo(
            List.of(
                "table_name",
                "database",
                "shards",
                "partitions",
                "strategy",
                "schema_version",
                "status"));
    return tables.rows().stream()
        .filter(row -> "told".equals(row.get(0)))
        .map(row -> row.subList(0, 7))
        .toList();
  }

  private List<List<@Nullable Object>> rows(String sql, @Nullable Object... parameters) {
    return client.execute(sql, parameters).rows().stream()
        .map(row -> row(row.stream().map(CreateWriteReadIT::comparable).toArray()))
        .toList();
  }

  private static @Nullable Object comparable(@Nullable Object value) {
    return value instanceof byte[] bytes ? "x'" + HexFormat.of().formatHex(bytes) + "'" : value;
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
