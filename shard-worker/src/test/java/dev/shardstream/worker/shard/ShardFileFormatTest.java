package dev.shardstream.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.worker.Orders;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardFileFormatTest {
  @TempDir Path directory;
  private Path path;
  private List<String> rows;
  private Positions positions;

  @BeforeEach
  void make() throws Exception {
    try (ShardFile file =
        Orders.shard(directory, 0, List.of(Orders.upsert(0, 1, "a"), Orders.upsert(1, 2, "b")))) {
      path = file.path();
      rows = Orders.dump(file.writer());
      positions = PositionTable.read(file.writer());
    }
  }

  private void change(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path)) {
      for (String sql : statements) {
        Transaction.execute(connection, sql);
      }
    }
  }

  private void withoutRanges() throws SQLException {
    change(
        "ALTER TABLE _shard DROP COLUMN range_from",
        "ALTER TABLE _shard DROP COLUMN range_to",
        "ALTER TABLE _positions RENAME TO ranged",
        "CREATE TABLE _positions (virtual_shard INTEGER PRIMARY KEY, partition INTEGER NOT NULL,"
            + " next_offset INTEGER NOT NULL, rows INTEGER NOT NULL) STRICT",
        "INSERT INTO _positions SELECT virtual_shard, partition, next_offset, rows FROM ranged",
        "DROP TABLE ranged",
        "UPDATE _shard SET format = 3");
  }

  private void assertOpens() throws Exception {
    for (int opened = 0; opened < 2; opened++) {
      try (ShardFile file = ShardFile.open(path, Orders.SETTINGS).orElseThrow()) {
        assertThat(file.repair()).isZero();
        assertThat(file.isServing()).isTrue();
        assertThat(file.definition())
            .isEqualTo(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
        assertThat(Orders.dump(file.writer())).isEqualTo(rows).hasSize(2);
        assertThat(PositionTable.read(file.writer())).isEqualTo(positions);
      }
    }
  }

  @Test
  void a_file_of_the_format_without_ranges_gets_what_it_lacks() throws Exception {
    withoutRanges();
    assertOpens();
  }

  @Test
  void a_file_of_the_format_before_that_gets_what_it_lacks() throws Exception {
    withoutRanges();
    change(
        "ALTER TABLE _shard DROP COLUMN repair",
        "ALTER TABLE _shard DROP COLUMN serving",
        "UPDATE _shard SET format = 2");
    assertOpens();
  }

  @Test
  void a_file_remembers_its_range() throws Exception {
    KeyRange range = KeyRanges.between(List.of(OrderedKey.of(List.of(7L)))).get(1);
    ShardDefinition definition =
        new ShardDefinition(
            new ShardRef(Orders.TABLE.getTableId(), 1),
            Orders.TABLE,
            List.of(3, 4),
            range,
            ShardState.APPLYING);
    Path other = directory.resolve("1.sqlite");
    ShardFile.create(other, Orders.SETTINGS, definition).close();
    try (ShardFile file = ShardFile.open(other, Orders.SETTINGS).orElseThrow()) {
      assertThat(file.definition()).isEqualTo(definition);
      assertThat(PositionTable.read(file.writer()))
          .isEqualTo(
              new Positions(
                  List.of(
                      new Positions.Held(3, range, 0, 0, 0),
                      new Positions.Held(4, range, 0, 0, 0))));
    }
  }

  @Test
  void a_file_of_another_format_is_refused() throws Exception {
    change("UPDATE _shard SET format = 5");
    assertThatThrownBy(() -> ShardFile.open(path, Orders.SETTINGS))
        .hasMessage("the shard file has format 5, not 4");
  }
}
