package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputFormatTest {
  private static final List<String> COLUMNS = List.of("id", "name", "price");
  private static final List<List<@Nullable Object>> ROWS =
      List.of(
          Arrays.asList(1L, "plain", 1.5),
          Arrays.asList(20L, "two\nlines, \"and\" \u001b", null),
          Arrays.asList(300L, "", -0.0),
          Arrays.asList(4L, new byte[] {0, -1}, 1.0E300),
          Arrays.asList(5L, "日本", Double.POSITIVE_INFINITY));

  @Test
  void a_table_aligns_columns_and_keeps_a_row_in_its_line() {
    assertThat(OutputFormat.TABLE.text(COLUMNS, ROWS))
        .isEqualTo(
            """
              id | name                   |    price
            -----+------------------------+----------
               1 | plain                  |      1.5
              20 | two\\nlines, "and" \\x1b |     NULL
             300 |                        |     -0.0
               4 | x'00ff'                |  1.0E300
               5 | 日本                   | Infinity
            (5 rows)
            """);
  }

  @Test
  void a_table_without_rows_has_a_header_and_a_count() {
    assertThat(OutputFormat.TABLE.text(List.of("rows_affected"), List.of()))
        .isEqualTo(" rows_affected\n---------------\n(0 rows)\n");
  }

  @Test
  void json_is_one_object_in_one_line_and_exact() {
    assertThat(OutputFormat.JSON.text(COLUMNS, ROWS))
        .isEqualTo(
            "{\"columns\":[\"id\",\"name\",\"price\"],\"rows\":[[1,\"plain\",1.5],"
                + "[20,\"two\\nlines, \\\"and\\\" \\u001B\",null],[300,\"\",-0.0],"
                + "[4,{\"b\":\"AP8=\"},1.0E300],[5,\"日本\",{\"r\":\"Infinity\"}]]}\n");
  }

  @Test
  void csv_has_a_header_and_tells_null_from_an_empty_text() {
    assertThat(OutputFormat.CSV.text(COLUMNS, ROWS))
        .isEqualTo(
            """
            id,name,price
            1,plain,1.5
            20,"two
            lines, ""and"" \u001b",
            300,"",-0.0
            4,x'00ff',1.0E300
            5,日本,Infinity
            """);
  }
}
