package dev.shardstream.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorCodeTest {
  @Test
  void an_error_names_the_thing_and_keeps_its_code() {
    ShardstreamException error = new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, "users");
    assertThat(error.code()).isEqualTo(ErrorCode.TABLE_NOT_FOUND);
    assertThat(error).hasMessage("Table 'users' not found");
  }

  @Test
  void a_reported_text_with_percent_signs_is_not_formatted_again() {
    ShardstreamException error = ShardstreamException.reported("QUERY_FAILED", "LIKE '50%d'");
    assertThat(error.code()).isEqualTo(ErrorCode.QUERY_FAILED);
    assertThat(error).hasMessage("LIKE '50%d'");
  }

  @Test
  void a_code_of_a_later_release_is_internal() {
    assertThat(ErrorCode.named("OF_TOMORROW")).isEqualTo(ErrorCode.INTERNAL);
  }
}
