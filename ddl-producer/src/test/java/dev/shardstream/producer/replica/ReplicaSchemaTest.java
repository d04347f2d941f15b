package dev.shardstream.producer.replica;

import static dev.shardstream.producer.replica.Definitions.adding;
import static dev.shardstream.producer.replica.Definitions.index;
import static dev.shardstream.producer.replica.Definitions.renaming;
import static dev.shardstream.producer.replica.Definitions.state;
import static dev.shardstream.producer.replica.Definitions.users;
import static dev.shardstream.producer.replica.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplicaSchemaTest {
  @Test
  void a_table_is_written_with_its_types_defaults_and_key() {
    Table table =
        Table.newBuilder(users(1))
            .setName("Every \"type\"")
            .setColumns(
                List.of(
                    column(1, "region", TypeName.VARCHAR, 3, false, "e'u"),
                    column(2, "id", TypeName.BIGINT, null, false, null),
                    column(3, "count", TypeName.INTEGER, null, true, -7L),
                    column(4, "done", TypeName.BOOLEAN, null, false, 0L),
                    column(5, "weight", TypeName.DOUBLE, null, true, -0.0),
                    column(6, "body", TypeName.BLOB, null, true, ByteBuffer.wrap(new byte[] {1})),
                    column(7, "odd", TypeName.TEXT, null, true, "a\0b"),
                    column(8, "at", TypeName.TIMESTAMP, null, true, "1998-08-02 00:00:00")))
            .setPrimaryKey(List.of(2, 1))
            .build();

    assertThat(ReplicaSchema.of(state(table)).tables().get(table.getTableId()).create())
        .isEqualTo(
            """
            CREATE TABLE "Every ""type\""" (
              "region" VARCHAR(3) NOT NULL DEFAULT ('e''u'),
              "id" BIGINT NOT NULL,
              "count" INTEGER DEFAULT (-7),
              "done" BOOLEAN NOT NULL DEFAULT (0),
              "weight" DOUBLE DEFAULT (-0.0),
              "body" BLOB DEFAULT (x'01'),
              "odd" TEXT DEFAULT (CAST(x'610062' AS TEXT)),
              "at" TIMESTAMP DEFAULT ('1998-08-02 00:00:00'),
              PRIMARY KEY ("id", "region")
            )""");
  }

  @Test
  void only_ready_indexes_are_there() {
    Table table =
        with(
            users(1),
            index(1, "by_name", false, IndexStatus.READY, 2),
            index(2, "by_both", true, IndexStatus.READY, 2, 1),
            index(3, "building", false, IndexStatus.BUILDING, 2),
            index(4, "failed", true, IndexStatus.FAILED, 2));

    assertThat(indexes(table))
        .containsExactly(
            "CREATE INDEX \"by_name\" ON \"users\" (\"name\")",
            "CREATE UNIQUE INDEX \"by_both\" ON \"users\" (\"name\", \"id\")");
  }

  @Test
  void an_index_that_is_called_like_a_table_stands_under_a_name_of_its_own() {
    Table table = with(users(1), index(1, "USERS", false, IndexStatus.READY, 2));
    assertThat(indexes(table))
        .containsExactly("CREATE INDEX \"_default-users-1_i1\" ON \"users\" (\"name\")");
  }

  @Test
  void two_tables_that_claim_one_name_for_a_moment_are_both_there() {
    Table first = renaming(adding(users(1), "a", TypeName.TEXT, null), "Users");
    assertThat(ReplicaSchema.of(state(first, users(2))).tables().values())
        .extracting(ReplicaSchema.LocalTable::name)
        .containsExactly("_default-users-1", "users");
  }

  private static Stream<String> indexes(Table table) {
    return ReplicaSchema.of(state(table)).tables().get(table.getTableId()).indexes().stream()
        .map(ReplicaSchema.LocalIndex::create);
  }

  private static Column column(
      int id, String name, TypeName type, Integer length, boolean nullable, Object byDefault) {
    return new Column(id, name, type, length, nullable, byDefault, byDefault, null);
  }
}
