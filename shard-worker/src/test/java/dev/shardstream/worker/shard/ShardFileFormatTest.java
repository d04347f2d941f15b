package dev.shardstream.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @BeforeEach
  void make() throws Exception {
    try (ShardFile file =
        Orders.shard(directory, 0, List.of(Orders.upsert(0, 1, "a"), Orders.upsert(1, 2, "b")))) {
      path = file.path();
      rows = Orders.dump(file.writer());
    }
  }

  private void change(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path)) {
      for (String sql : statements) {
        Transaction.execute(connection, sql);
      }
    }
  }

  @Test
  void a_file_of_the_format_before_gets_what_it_lacks() throws Exception {
    change(
        "ALTER TABLE _shard DROP COLUMN repair",
        "ALTER TABLE _shard DROP COLUMN serving",
        "UPDATE _shard SET format = 2");
    for (int opened = 0; opened < 2; opened++) {
      try (ShardFile file = ShardFile.open(path, Orders.SETTINGS).orElseThrow()) {
        assertThat(file.repair()).isZero();
        assertThat(file.isServing()).isTrue();
        assertThat(Orders.dump(file.writer())).isEqualTo(rows).hasSize(2);
      }
    }
  }

  @Test
  void a_file_of_another_format_is_refused() throws Exception {
    change("UPDATE _shard SET format = 4");
    assertThatThrownBy(() -> ShardFile.open(path, Orders.SETTINGS))
        .hasMessage("the shard file has format 4, not 3");
  }
}
