package dev.shardstream.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.TypeName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StoredValuesTest {
  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(TypeName.INTEGER, 17, 17L),
        Arguments.of(TypeName.INTEGER, 17.0, 17L),
        Arguments.of(TypeName.INTEGER, 17.5, null),
        Arguments.of(TypeName.INTEGER, 2_147_483_648L, null),
        Arguments.of(TypeName.INTEGER, "17", null),
        Arguments.of(TypeName.BIGINT, Long.MIN_VALUE, Long.MIN_VALUE),
        Arguments.of(TypeName.BIGINT, 1e300, null),
        Arguments.of(TypeName.FLOAT, 0.1, (double) 0.1f),
        Arguments.of(TypeName.DOUBLE, 3L, 3.0),
        Arguments.of(TypeName.DOUBLE, 9_007_199_254_740_993L, null),
        Arguments.of(TypeName.DOUBLE, Double.NaN, null),
        Arguments.of(TypeName.DOUBLE, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY),
        Arguments.of(TypeName.BOOLEAN, true, 1L),
        Arguments.of(TypeName.BOOLEAN, 0L, 0L),
        Arguments.of(TypeName.BOOLEAN, 2L, null),
        Arguments.of(TypeName.TEXT, "x", "x"),
        Arguments.of(TypeName.TEXT, 1L, null),
        Arguments.of(
            TypeName.VARCHAR,
            "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00",
            "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00"),
        Arguments.of(TypeName.VARCHAR, "abcd", null),
        Arguments.of(TypeName.DATE, "1998-08-02", "1998-08-02"),
        Arguments.of(TypeName.DATE, LocalDate.of(1998, 8, 2), "1998-08-02"),
        Arguments.of(TypeName.DATE, "1998-02-30", null),
        Arguments.of(TypeName.DATE, "1998-8-2", null),
        Arguments.of(TypeName.TIMESTAMP, "1998-08-02", "1998-08-02 00:00:00"),
        Arguments.of(TypeName.TIMESTAMP, "1998-08-02 10:15", "1998-08-02 10:15:00"),
        Arguments.of(TypeName.TIMESTAMP, "1998-08-02T10:15:30.5Z", "1998-08-02 10:15:30.500"),
        Arguments.of(TypeName.TIMESTAMP, "1998-08-02 10:15:30+02:00", "1998-08-02 08:15:30"),
        Arguments.of(TypeName.TIMESTAMP, "1998-08-02 10:15:30.0000001", null),
        Arguments.of(
            TypeName.TIMESTAMP, Instant.ofEpochSecond(0, 1000), "1970-01-01 00:00:00.000001"),
        Arguments.of(TypeName.TIMESTAMP, "soon", null));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_column_takes_what_it_holds_exactly(TypeName type, Object given, @Nullable Object stored) {
    Integer length = type == TypeName.VARCHAR ? 3 : null;
    Column column = new Column(1, "c", type, length, true, null, null, null);
    assertThat(StoredValues.store(column, given)).isEqualTo(Optional.ofNullable(stored));
    if (stored != null) {
      assertThat(StoredValues.fits(column, stored)).isTrue();
    }
  }
}
