package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.live.LiveChange;
import dev.shardstream.producer.live.LiveChange.Kind;
import dev.shardstream.schemas.contract.Position;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveRowsPrinterTest {
  private final StringWriter out = new StringWriter();

  @Test
  void text_has_a_sign_in_its_first_column() {
    tell(OutputFormat.TABLE, 100);
    assertThat(lines())
        .containsExactly(
            "  | id | name",
            "+ | 1 | NULL",
            "(1 row, changes follow)",
            "+ | 2 | a\\nb",
            "~ | 1 | c",
            "- | 2 | a\\nb");
  }

  @Test
  void csv_has_the_sign_as_a_column() {
    tell(OutputFormat.CSV, 100);
    assertThat(lines())
        .containsExactly("op,id,name", "+,1,", "+,2,\"a", "b\"", "~,1,c", "-,2,\"a", "b\"");
  }

  @Test
  void json_is_an_object_in_a_line() {
    tell(OutputFormat.JSON, 100);
    assertThat(lines())
        .containsExactly(
            "{\"columns\":[\"id\",\"name\"]}",
            "{\"op\":\"row\",\"values\":[1,null]}",
            "{\"op\":\"ready\"}",
            "{\"op\":\"inserted\",\"values\":[2,\"a\\nb\"],\"key\":[2],\"partition\":3,\"offset\":7}",
            "{\"op\":\"updated\",\"values\":[1,\"c\"],\"key\":[1],\"partition\":3,\"offset\":8}",
            "{\"op\":\"deleted\",\"values\":[2,\"a\\nb\"],\"key\":[2],\"partition\":3,\"offset\":9}");
  }

  @Test
  void it_is_enough_after_so_many_rows_and_changes() throws InterruptedException {
    LiveRowsPrinter printer = tell(OutputFormat.CSV, 2);
    printer.await(Duration.ofDays(1));
    assertThat(lines()).containsExactly("op,id,name", "+,1,", "+,2,\"a", "b\"");
  }

  private LiveRowsPrinter tell(OutputFormat format, long mostRows) {
    LiveRowsPrinter printer = new LiveRowsPrinter(format, new PrintWriter(out), mostRows);
    printer.columns(List.of("id", "name"));
    printer.row(Arrays.asList(1L, null));
    printer.initialDone();
    printer.change(change(Kind.INSERTED, 7, 2L, "a\nb"));
    printer.change(change(Kind.UPDATED, 8, 1L, "c"));
    printer.change(change(Kind.DELETED, 9, 2L, "a\nb"));
    return printer;
  }

  private static LiveChange change(Kind kind, long offset, @Nullable Object... values) {
    return new LiveChange(kind, Arrays.asList(values), List.of(values[0]), new Position(3, offset));
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }
}
