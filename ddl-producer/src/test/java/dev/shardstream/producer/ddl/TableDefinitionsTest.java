package dev.shardstream.producer.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableDefinitionsTest {
  @Test
  void create_table_becomes_an_operation_with_every_default_stored() {
    CreateTable table =
        create(
            """
            CREATE TABLE IF NOT EXISTS Orders (
              id BIGINT, region VARCHAR(3) DEFAULT 'eu', open BOOLEAN NOT NULL DEFAULT TRUE,
              price REAL DEFAULT 1, day DATE DEFAULT '1998-08-02', body BLOB DEFAULT x'00ff',
              note TEXT DEFAULT NULL, PRIMARY KEY (region, id))
            WITH (SHARDS=4, PARTITIONS=32, SHARD KEY=(id), STRATEGY='hash')
            """);
    assertThat(table)
        .isEqualTo(
            new CreateTable(
                "Orders",
                true,
                List.of(
                    new ColumnDefinition("id", TypeName.BIGINT, null, true, null),
                    new ColumnDefinition("region", TypeName.VARCHAR, 3, true, "eu"),
                    new ColumnDefinition("open", TypeName.BOOLEAN, null, false, 1L),
                    new ColumnDefinition("price", TypeName.DOUBLE, null, true, 1.0),
                    new ColumnDefinition("day", TypeName.DATE, null, true, "1998-08-02"),
                    new ColumnDefinition(
                        "body", TypeName.BLOB, null, true, ByteBuffer.wrap(new byte[] {0, -1})),
                    new ColumnDefinition("note", TypeName.TEXT, null, true, null)),
                List.of("region", "id"),
                List.of("id"),
                4,
                32,
                Strategy.HASH,
                TableType.REGULAR,
                null,
                null,
                null,
                500,
                null,
                1,
                List.of()));
  }

  @Test
  void what_a_statement_does_not_say_comes_from_the_settings() {
    CreateTable table = create("CREATE TABLE t (id INT PRIMARY KEY)");
    assertThat(table.getShards()).isEqualTo(1);
    assertThat(table.getPartitions()).isEqualTo(16);
    assertThat(table.getShardKey()).isEmpty();
    assertThat(create("CREATE TABLE t (id INT PRIMARY KEY) /* SHARDS=4 */").getShards())
        .isEqualTo(4);
  }

  @Test
  void split_points_are_brought_into_the_form_of_the_shard_key() {
    CreateTable table =
        create(
            """
            CREATE TABLE t (id BIGINT, at TIMESTAMP, b BLOB, d DOUBLE, PRIMARY KEY (d, id, at, b))
            WITH (STRATEGY='range', SHARD KEY=(d, at, b), SPLIT AT (-1, (0, '1998-08-02T10:15'),
              (0.5, '1998-08-02', x'00ff')))
            """);
    assertThat(List.of(table.getStrategy(), table.getShards(), table.getSplitAt()))
        .isEqualTo(
            List.of(
                Strategy.RANGE,
                4,
                keys(
                    List.of(-1.0),
                    List.of(0.0, "1998-08-02 10:15:00"),
                    List.of(0.5, "1998-08-02 00:00:00", new byte[] {0, -1}))));
    assertThat(
            create(
                "CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range', SPLIT AT (1))"
                    + " /* SHARDS=2 */"))
        .isEqualTo(
            create("CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT (TRUE), STRATEGY=RANGE)"));
    CreateTable whole = create("CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range')");
    assertThat(List.of(whole.getShards(), whole.getSplitAt())).isEqualTo(List.of(1, List.of()));
  }

  /** The type of its shard key is known where its node table is. */
  @Test
  void split_points_of_an_edge_table_stay_as_they_are_written() {
    String edges = "CREATE EDGE TABLE e (FROM a TO b) WITH (STRATEGY='range', SPLIT AT (%s))";
    assertThat(create(edges.formatted("1, 2")).getSplitAt())
        .isEqualTo(keys(List.of(1L), List.of(2L)));
    assertThat(create(edges.formatted("'a'")).getSplitAt()).isEqualTo(keys(List.of("a")));
    assertThat(create(edges.formatted("1.5")).getSplitAt()).isEqualTo(keys(List.of(1.5)));
    assertThat(create(edges.formatted("x'00'")).getSplitAt())
        .isEqualTo(keys(List.of(new byte[] {0})));
  }

  private static List<ByteBuffer> keys(List<?>... keys) {
    return Arrays.stream(keys).map(OrderedKey::of).map(ByteBuffer::wrap).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "t (id INT PRIMARY KEY) WITH (SHARDS=0)|INVALID_SHARD_COUNT|Invalid shard count: 0 (must be 1 to 256)",
        "t (id INT PRIMARY KEY) WITH (SHARDS=257)|INVALID_SHARD_COUNT|Invalid shard count: 257 (must be 1 to 256)",
        "t (id INT PRIMARY KEY) WITH (PARTITIONS=0)|INVALID_PARTITION_COUNT|Invalid partition count: 0 (must be 1 to 256)",
        "t (id INT)|PRIMARY_KEY_REQUIRED|Table 't' needs a PRIMARY KEY",
        "t (id INT PRIMARY KEY, ID TEXT)|DUPLICATE_COLUMN|Column 'ID' is named twice in table 't'",
        "t (_id INT PRIMARY KEY)|RESERVED_NAME|Name '_id' is reserved: names that start with '_' belong to Shardstream",
        "t (a INT, PRIMARY KEY (b))|COLUMN_NOT_FOUND|Column 'b' not found in table 't'",
        "t (a INT, b INT, PRIMARY KEY (a)) WITH (SHARD KEY=(b))|SHARD_KEY_NOT_IN_PRIMARY_KEY|Shard key column 'b' of table 't' must be part of the primary key (a)",
        "t (a INT PRIMARY KEY, b INT UNIQUE)|UNIQUE_WITHOUT_SHARD_KEY|UNIQUE (b) on table 't' does not contain the shard key (a): unique values across shards need a global unique index, which does not exist yet. Add the shard key to it",
        "t (a INT, b INT, c INT, PRIMARY KEY (a, b), UNIQUE (a, c)) WITH (SHARD KEY=(a))|UNSUPPORTED|Not supported: UNIQUE (a, c) on table 't' besides the primary key: create the table, then CREATE UNIQUE INDEX",
        "t (a INT PRIMARY KEY) WITH (STRATEGY='round')|INVALID_OPTION|Invalid table option STRATEGY: 'round' (must be 'hash' or 'range')",
        "t (a INT PRIMARY KEY) WITH (STRATEGY='range', SHARDS=1, SPLIT AT (1))|INVALID_SPLIT|Invalid SPLIT AT of table 't': 1 shards need 0 split points, and 1 are given",
        "t (a INT PRIMARY KEY, b INT DEFAULT 'x')|UNSUPPORTED_DEFAULT|DEFAULT of column 'b' must be a constant of type INTEGER: 'x' cannot be evaluated the same way on every replica",
        "t (a INT PRIMARY KEY, b TIMESTAMP DEFAULT CURRENT_TIMESTAMP)|UNSUPPORTED_DEFAULT|DEFAULT of column 'b' must be a constant of type TIMESTAMP: CURRENT_TIMESTAMP cannot be evaluated the same way on every replica",
      })
  void what_no_replica_could_keep_is_refused_at_the_door(
      String definition, ErrorCode code, String message) {
    assertThatThrownBy(() -> create("CREATE TABLE " + definition))
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
  }

  @Test
  void unique_that_contains_the_primary_key_follows_from_it() {
    assertThat(create("CREATE TABLE t (a INT PRIMARY KEY UNIQUE, b INT, UNIQUE (b, A))"))
        .isEqualTo(create("CREATE TABLE t (a INT PRIMARY KEY, b INT)"));
  }

  private static CreateTable create(String sql) {
    return TableDefinitions.of((Statement.CreateTable) SqlParser.parse(sql), 16);
  }
}
