package dev.shardstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableBytesTest {
  static {
    Events.trust(Table.class);
  }

  private static final Table USERS =
      Table.newBuilder()
          .setDatabase("default")
          .setTableId("users-1")
          .setName("users")
          .setType(TableType.REGULAR)
          .setStrategy(Strategy.HASH)
          .setStatus(TableStatus.ACTIVE)
          .setSchemaVersion(3)
          .setPartitions(4)
          .setColumns(List.of())
          .setPrimaryKey(List.of())
          .setShardKey(List.of())
          .setNextColumnId(1)
          .setCreatedAt(1L)
          .setComment("people")
          .build();

  @Test
  void a_table_is_read_as_it_was_written() throws IOException {
    assertThat(TableBytes.decode(TableBytes.schema(), TableBytes.encode(USERS))).isEqualTo(USERS);
  }

  @Test
  void bytes_of_another_thing_are_an_io_error() {
    byte[] cut = Arrays.copyOf(TableBytes.encode(USERS), 7);

    assertThatThrownBy(() -> TableBytes.decode(TableBytes.schema(), cut))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> TableBytes.decode("no schema", TableBytes.encode(USERS)))
        .isInstanceOf(IOException.class);
  }
}
