package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.TypeName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CellValuesTest {
  @ParameterizedTest
  @CsvSource({
    "INTEGER, 17",
    "INTEGER, -2147483648",
    "BIGINT, 9223372036854775807",
    "FLOAT, 0.1",
    "FLOAT, -0.0",
    "DOUBLE, 0.1",
    "DOUBLE, 1.0E300",
    "DOUBLE, -0.0",
    "DOUBLE, -Infinity",
    "BOOLEAN, 1",
    "DATE, 1998-08-02",
    "TIMESTAMP, 1998-08-02 10:15:00.250",
    "BLOB, x'00ff'",
    "BLOB, x''",
    "TEXT, x'00'",
    "VARCHAR, ' b '"
  })
  void a_value_that_was_written_reads_back_as_the_same_text(TypeName type, String text) {
    assertThat(CellValues.text(column(type), parse(type, text))).isEqualTo(text);
  }

  @Test
  void other_ways_to_write_a_value_are_understood() {
    assertThat(parse(TypeName.BIGINT, " 12.0 ")).isEqualTo(12L);
    assertThat(parse(TypeName.BIGINT, "1.2e1")).isEqualTo(12L);
    assertThat(parse(TypeName.DOUBLE, "12")).isEqualTo(12.0);
    assertThat(parse(TypeName.BOOLEAN, "TRUE")).isEqualTo(1L);
    assertThat(parse(TypeName.BOOLEAN, "f")).isEqualTo(0L);
    assertThat(parse(TypeName.TIMESTAMP, "1998-08-02T10:15:00Z")).isEqualTo("1998-08-02 10:15:00");
    assertThat(parse(TypeName.BLOB, "X'FF'")).isEqualTo(new byte[] {-1});
  }

  @ParameterizedTest
  @EnumSource(TypeName.class)
  void nothing_is_null_for_every_type(TypeName type) {
    assertThat(CellValues.parse("t", column(type), null)).isNull();
  }

  @ParameterizedTest
  @EnumSource(TypeName.class)
  void empty_quotes_are_an_empty_text_or_null(TypeName type) {
    boolean isText = type == TypeName.TEXT || type == TypeName.VARCHAR;

    assertThat(CellValues.parse("t", column(type), "")).isEqualTo(isText ? "" : null);
  }

  @ParameterizedTest
  @CsvSource({
    "INTEGER, 2147483648",
    "INTEGER, 1.5",
    "BIGINT, 9223372036854775808",
    "BIGINT, twelve",
    "BIGINT, 1e99999",
    "BIGINT, 0x10",
    "FLOAT, 1e39",
    "DOUBLE, 1e999",
    "DOUBLE, NaN",
    "DOUBLE, 1d",
    "BOOLEAN, 2",
    "BOOLEAN, yes",
    "DATE, 1998-02-30",
    "TIMESTAMP, yesterday",
    "BLOB, ff",
    "BLOB, xff",
    "VARCHAR, abcd"
  })
  void what_a_column_cannot_hold_is_refused(TypeName type, String text) {
    String name = type == TypeName.VARCHAR ? "VARCHAR(3)" : type.name();

    assertThatThrownBy(() -> parse(type, text))
        .hasMessage("Column 'c' of table 't' is " + name + " and cannot hold '" + text + "'");
  }

  @Test
  void a_long_value_is_cut_in_the_error() {
    assertThatThrownBy(() -> parse(TypeName.DATE, "d".repeat(1000)))
        .hasMessage("Column 'c' of table 't' is DATE and cannot hold '" + "d".repeat(60) + "...'");
  }

  private static @Nullable Object parse(TypeName type, String text) {
    return CellValues.parse("t", column(type), text);
  }

  private static Column column(TypeName type) {
    return Column.newBuilder()
        .setId(1)
        .setName("c")
        .setType(type)
        .setLength(type == TypeName.VARCHAR ? 3 : null)
        .setNullable(true)
        .build();
  }
}
