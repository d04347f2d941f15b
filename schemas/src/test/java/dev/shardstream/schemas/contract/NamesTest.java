package dev.shardstream.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"users", "U", "t_1", "History"})
  void usual_names_are_usable(String name) {
    assertThat(Names.requireUsable(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"_version", "_", "sqlite_master", "SQLITE_x"})
  void names_of_the_system_are_reserved(String name) {
    assertThatThrownBy(() -> Names.requireUsable(name))
        .hasMessage(
            "Name '" + name + "' is reserved: names that start with '_' belong to Shardstream");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a-b", "ä", "a b", "a.b"})
  void other_names_are_invalid(String name) {
    assertThatThrownBy(() -> Names.requireUsable(name))
        .extracting(e -> ((ShardstreamException) e).code())
        .isEqualTo(ErrorCode.INVALID_NAME);
  }

  @Test
  void a_table_id_is_made_of_the_name_at_creation() {
    TableId id = TableId.of("default", "Orders", 7);
    assertThat(id.value()).isEqualTo("default-orders-7");
    assertThat(new Topics("prod").log(id)).isEqualTo("prod.log.default-orders-7");
  }
}
