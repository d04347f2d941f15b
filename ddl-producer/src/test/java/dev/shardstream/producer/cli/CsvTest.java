package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.Seeded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CsvTest {
  private static final String ENDLESS =
      "a quoted field does not end with a quote and a delimiter or the end of the line";
  private static final String TOO_LONG =
      "a record begins here that is longer than 4 MiB: is a closing quote missing?";

  @Test
  void nothing_and_empty_quotes_are_two_things() throws IOException {
    assertThat(read("a,,\"\"\n"))
        .containsExactly(new CsvRecord(1, "a,,\"\"", Arrays.asList("a", null, ""), null));
  }

  @Test
  void quotes_hold_delimiters_lines_and_doubled_quotes() throws IOException {
    assertThat(read("1,\"a,b\"\r\n2,\"x\r\ny\"\n3,\"say \"\"no\"\"\""))
        .containsExactly(
            new CsvRecord(1, "1,\"a,b\"", List.of("1", "a,b"), null),
            new CsvRecord(2, "2,\"x\r\ny\"", List.of("2", "x\r\ny"), null),
            new CsvRecord(4, "3,\"say \"\"no\"\"\"", List.of("3", "say \"no\""), null));
  }

  @Test
  void a_quote_inside_a_plain_field_is_a_character() throws IOException {
    assertThat(read("5\" disk,x\n"))
        .containsExactly(new CsvRecord(1, "5\" disk,x", List.of("5\" disk", "x"), null));
  }

  @Test
  void blank_lines_and_the_mark_of_the_file_are_no_data() throws IOException {
    assertThat(read("\uFEFFa,b\n\n  \n1,2\n"))
        .containsExactly(
            new CsvRecord(1, "a,b", List.of("a", "b"), null),
            new CsvRecord(4, "1,2", List.of("1", "2"), null));
  }

  @Test
  void a_line_that_cannot_be_read_costs_only_itself() throws IOException {
    assertThat(read("1,\"a\"b\n2,c\n3,\"d\n4,e\n"))
        .containsExactly(
            new CsvRecord(1, "1,\"a\"b", List.of(), ENDLESS),
            new CsvRecord(2, "2,c", List.of("2", "c"), null),
            new CsvRecord(3, "3,\"d", List.of(), ENDLESS),
            new CsvRecord(4, "4,e", List.of("4", "e"), null));
  }

  @Test
  void bytes_that_are_not_utf_8_cost_only_their_line() throws IOException {
    byte[] bytes = "1,?\n2,b\n".getBytes(StandardCharsets.UTF_8);
    bytes[2] = (byte) 0xE9;

    assertThat(read(bytes, ','))
        .containsExactly(
            new CsvRecord(1, "1,\uFFFD", List.of(), "not UTF-8"),
            new CsvRecord(2, "2,b", List.of("2", "b"), null));
  }

  @Test
  void a_quote_that_never_ends_costs_its_line_in_a_file_of_any_size() throws IOException {
    int lines = 300_000;
    List<CsvRecord> records = read("1,\"x\n" + "2,twenty characters\n".repeat(lines) + "3,y");

    assertThat(records).hasSize(lines + 2);
    assertThat(records.get(0)).isEqualTo(new CsvRecord(1, "1,\"x", List.of(), TOO_LONG));
    assertThat(records.get(lines))
        .isEqualTo(
            new CsvRecord(
                lines + 1, "2,twenty characters", List.of("2", "twenty characters"), null));
    assertThat(records.get(lines + 1))
        .isEqualTo(new CsvRecord(lines + 2, "3,y", List.of("3", "y"), null));
  }

  @Test
  void a_line_that_is_longer_than_a_record_may_be_costs_only_itself() throws IOException {
    List<CsvRecord> records =
        read("1,a\n2," + "z".repeat(2 * CsvSource.LONGEST_RECORD) + "\r\n3,c\n");

    assertThat(records.stream().map(CsvRecord::line)).containsExactly(1L, 2L, 3L);
    assertThat(records.get(1).problem()).isEqualTo(TOO_LONG);
    assertThat(records.get(1).text()).startsWith("2,zzz");
    assertThat(records.get(1).text().length()).isLessThan(2 * CsvSource.LONGEST_RECORD);
    assertThat(records.get(2)).isEqualTo(new CsvRecord(3, "3,c", List.of("3", "c"), null));
  }

  @Test
  void lines_end_as_on_any_system_and_blanks_may_follow_a_closing_quote() throws IOException {
    assertThat(read("1,a\r\"2\" ,b\r\n3,c\n"))
        .containsExactly(
            new CsvRecord(1, "1,a", List.of("1", "a"), null),
            new CsvRecord(2, "\"2\" ,b", List.of("2", "b"), null),
            new CsvRecord(3, "3,c", List.of("3", "c"), null));
  }

  @Test
  void another_delimiter_leaves_commas_alone() throws IOException {
    assertThat(read("1,5;a\n".getBytes(StandardCharsets.UTF_8), ';'))
        .containsExactly(new CsvRecord(1, "1,5;a", List.of("1,5", "a"), null));
  }

  @Test
  void what_is_written_is_read_back_as_it_was() {
    long seed = System.nanoTime();
    Seeded.run(seed, () -> writeAndReadBack(new Random(seed)));
  }

  private static void writeAndReadBack(Random random) throws IOException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      List<@Nullable String> row = new ArrayList<>(List.of("k" + i));
      row.add(random.nextInt(4) == 0 ? null : anyText(random));
      row.add(random.nextInt(4) == 0 ? null : anyText(random));
      rows.add(row);
    }

    List<List<@Nullable String>> back = new ArrayList<>();
    for (CsvRecord record : read(CsvWriter.text(rows))) {
      back.add(record.fields());
    }
    assertThat(back).isEqualTo(rows);
  }

  @Test
  void only_what_needs_quotes_gets_them() {
    assertThat(CsvWriter.text(List.of(Arrays.asList("a b", "", null, "x,y", "\"", "1\n2", " "))))
        .isEqualTo("a b,\"\",,\"x,y\",\"\"\"\",\"1\n2\",\" \"\n");
  }

  private static String anyText(Random random) {
    String alphabet = "ab ,\"\r\n;é\uFEFF\uD83D\uDE00";
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(6); length > 0; length--) {
      int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
      text.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
    }
    return text.toString();
  }

  private static List<CsvRecord> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8), ',');
  }

  private static List<CsvRecord> read(byte[] bytes, char delimiter) throws IOException {
    List<CsvRecord> records = new ArrayList<>();
    try (CsvReader reader = new CsvReader(new ByteArrayInputStream(bytes), delimiter)) {
      CsvRecord record = reader.next();
      while (record != null) {
        records.add(record);
        record = reader.next();
      }
      assertThat(reader.bytesRead()).isEqualTo(bytes.length);
    }
    return records;
  }
}
