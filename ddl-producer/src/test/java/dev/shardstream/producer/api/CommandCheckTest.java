package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.ddl.StatementOperations;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.NamedTables;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.Topology;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandCheckTest {
  private static final Table EVENTS =
      Table.newBuilder(SampleTables.EVENTS)
          .setIndexes(
              List.of(
                  new Index(1, "by_day", false, List.of(7), IndexStatus.READY, null, null, "c")))
          .build();
  private static final Table TICKS =
      Table.newBuilder(
              SampleTables.table(
                  "ticks", 8, List.of(1), List.of(1), SampleTables.USERS.getColumns().get(0)))
          .setType(TableType.STREAM)
          .build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CREATE TABLE t (id INT PRIMARY KEY)         | nothing
          CREATE TABLE users (id INT PRIMARY KEY)     | Table 'users' already exists
          CREATE TABLE IF NOT EXISTS users (id INT PRIMARY KEY) | nothing
          CREATE TABLE no.t (id INT PRIMARY KEY)      | Namespace 'no' not found: create it with CREATE NAMESPACE no
          CREATE EDGE TABLE e (FROM a TO b)           | Node table 'a' not found: create it before the edge table 'e'
          CREATE NAMESPACE shop                       | Namespace 'shop' already exists
          CREATE NAMESPACE IF NOT EXISTS shop         | nothing
          DROP NAMESPACE shop                         | nothing
          DROP NAMESPACE no                           | Namespace 'no' not found: create it with CREATE NAMESPACE no
          DROP NAMESPACE "default"                    | Namespace 'default' is reserved
          DROP TABLE users                            | nothing
          DROP TABLE nope                             | Table 'nope' not found
          DROP TABLE IF EXISTS nope                   | nothing
          DROP NODE TABLE users                       | Table 'Users' is not of type Node (table_type: Regular)
          ALTER TABLE users ADD COLUMN age INT        | nothing
          ALTER TABLE users ADD COLUMN name TEXT      | Column 'name' already exists in table 'Users'
          ALTER TABLE users DROP COLUMN name          | Cannot drop column 'name' - used by 2 active live queries
          ALTER TABLE users DROP COLUMN nope          | Column 'nope' not found in table 'Users'
          ALTER TABLE users RENAME TO events          | Table 'events' already exists
          ALTER TABLE nope ADD COLUMN a INT           | Table 'nope' not found
          ALTER TABLE IF EXISTS nope ADD COLUMN a INT | nothing
          ALTER TABLE ticks ADD COLUMN a INT          | Cannot alter stream tables (table_type: Stream)
          CREATE INDEX by_day ON users (name)         | Index 'by_day' already exists
          CREATE INDEX i ON users (nope)              | Column 'nope' not found in table 'Users'
          DROP INDEX by_day                           | nothing
          DROP INDEX nope                             | Index 'nope' not found
          DROP INDEX IF EXISTS nope                   | nothing
          COMMENT ON INDEX nope IS 'x'                | Index 'nope' not found
          PRAGMA reshardTable('users', 8)             | nothing
          PRAGMA reshardTable('nope', 8)              | Table 'nope' not found
          MOVE SHARD users 1 TO n0                    | nothing
          MOVE SHARD nope 1 TO n0                     | Table 'nope' not found
          MOVE SHARD users 7 TO n0                    | Table 'Users' has no active shard 7
          MOVE SHARD users 1 TO n9                    | Node 'n9' not found
          MOVE SHARD ticks 0 TO n0                    | Table 'ticks' is already being resharded (change_log_id r1)
          DRAIN NODE n1                               | nothing
          DRAIN NODE n9                               | Node 'n9' not found
          REBALANCE                                   | nothing
          REBALANCE TABLE nope                        | Table 'nope' not found
          VERIFY TABLE users AGAINST LOG              | nothing
          VERIFY TABLE users                          | Table 'Users' has no replicas to compare: VERIFY TABLE … AGAINST LOG rebuilds its shards from the log and compares those
          ALTER TABLE ticks SET REPLICAS 2            | nothing
          ALTER TABLE nope SET REPLICAS 2             | Table 'nope' not found
          VERIFY TABLE nope AGAINST LOG               | Table 'nope' not found
          VERIFY TABLE ticks AGAINST LOG              | Table 'ticks' is already being resharded (change_log_id r1)
          PRAGMA pauseReshard('r9')                   | nothing
          """)
  void the_catalog_that_is_known_says_what_is_wrong(String sql, String expected) {
    assertThat(errors(sql, null))
        .isEqualTo(expected.equals("nothing") ? List.of() : List.of(expected));
  }

  @Test
  void another_version_than_expected_is_told_besides() {
    assertThat(errors("ALTER TABLE users ADD COLUMN name TEXT", 4))
        .containsExactly(
            "Column 'name' already exists in table 'Users'",
            "Table 'Users' is at schema version 1, the command expected 4");
    assertThat(errors("ALTER TABLE users ADD COLUMN age INT", 1)).isEmpty();
  }

  private static Topology resharding() {
    return Topology.newBuilder(SampleTables.topology(TICKS, 1, 2)).setChangeLogId("r1").build();
  }

  private static List<String> errors(String sql, @Nullable Integer expectedVersion) {
    Statement.Definition statement = (Statement.Definition) SqlParser.parse(sql);
    String namespace = statement.namespace();
    DdlCommand command =
        new DdlCommand(
            "c1",
            namespace == null ? "default" : namespace,
            List.of(),
            expectedVersion,
            "ada",
            StatementOperations.of(statement, 16));
    MetadataSnapshot snapshot =
        new MetadataSnapshot(
            NamedTables.of(
                Map.of(
                    EVENTS.getTableId(), EVENTS,
                    SampleTables.USERS.getTableId(), SampleTables.USERS,
                    TICKS.getTableId(), TICKS)),
            Map.of(
                SampleTables.USERS.getTableId(),
                SampleTables.topology(SampleTables.USERS, 1, 2),
                TICKS.getTableId(),
                resharding()),
            Map.of(),
            Map.of("n0", SampleTables.node("n0"), "n1", SampleTables.node("n1")),
            Map.of("shop", new Namespace("shop", 1L)),
            Map.of());
    CommandCheck check =
        new CommandCheck(
            snapshot,
            (table, column) ->
                table.equals(SampleTables.USERS.getTableId()) && column == 2 ? 2 : 0);
    return check.errors(command).stream().map(Throwable::getMessage).toList();
  }
}
