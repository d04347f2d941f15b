package dev.shardstream.schemas.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FatalFunctionsTest {
  @ParameterizedTest
  @ValueSource(strings = {"replicate", "padl", "padr", "padc"})
  void what_ends_the_process_is_said_not_to_exist(String function) {
    StatementWords words =
        StatementWords.of("SELECT 1 + " + function.toUpperCase(Locale.ROOT) + " ('x', 1)");
    assertThatThrownBy(() -> FatalFunctions.requireNone(words))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.QUERY_FAILED))
        .hasMessage("no such function: " + function);
  }

  @Test
  void a_column_of_that_name_is_none_of_them() {
    assertThatCode(() -> FatalFunctions.requireNone(StatementWords.of("SELECT padl, upper(padr)")))
        .doesNotThrowAnyException();
  }
}
