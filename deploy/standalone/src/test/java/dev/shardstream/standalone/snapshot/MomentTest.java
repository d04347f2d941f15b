package dev.shardstream.standalone.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
  @Test
  void a_time_is_utc_unless_it_says_an_offset() {
    assertThat(
            List.of(
                Moment.parse("1970-01-02 00:00:01"),
                Moment.parse("1970-01-02T00:00:01.250Z"),
                Moment.parse("1970-01-02T01:00:01+01:00"),
                Moment.parse("1970-01-02")))
        .isEqualTo(
            List.of(
                new Moment.Time(86_401_000),
                new Moment.Time(86_401_250),
                new Moment.Time(86_401_000),
                new Moment.Time(86_400_000)));
  }

  @Test
  void positions_are_written_as_they_are_shown() {
    Moment positions = Moment.parse("3:77, 0:120");
    assertThat(positions).isEqualTo(new Moment.Positions(Map.of(0, 120L, 3, 77L)));
    assertThat(positions).hasToString("0:120,3:77");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "0:1,0:2", "0:-1", "0:", ":1", "0@1", "0:1,", "2026-13-01"})
  void anything_else_is_refused(String written) {
    assertThatThrownBy(() -> Moment.parse(written))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }
}
