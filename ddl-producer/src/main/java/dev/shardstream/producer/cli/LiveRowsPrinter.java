package dev.shardstream.producer.cli;

import dev.shardstream.producer.live.LiveChange;
import dev.shardstream.producer.live.LiveQuerySink;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints a live query line by line, as it comes. Text and CSV have {@code +}, {@code ~} or {@code
 * -} in the first column; JSON is one object in a line.
 */
final class LiveRowsPrinter implements LiveQuerySink {
  private final OutputFormat format;
  private final PrintWriter out;
  private final long mostRows;
  private final CountDownLatch enough = new CountDownLatch(1);
  private long rows;

  /**
   * @param mostRows rows and changes to print; then it is enough
   */
  LiveRowsPrinter(OutputFormat format, PrintWriter out, long mostRows) {
    this.format = format;
    this.out = out;
    this.mostRows = mostRows;
  }

  /** Waits until enough is printed, or the query has ended, or somebody has stopped it. */
  void await(Duration timeout) throws InterruptedException {
    enough.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Says that it is enough. */
  void stop() {
    enough.countDown();
  }

  @Override
  public void columns(List<String> names) {
    if (format == OutputFormat.JSON) {
      print(Json.write(Map.of("columns", names)));
    } else {
      line(format == OutputFormat.CSV ? "op" : " ", new ArrayList<>(names));
    }
  }

  @Override
  public void row(List<@Nullable Object> values) {
    if (rows < mostRows) {
      if (format == OutputFormat.JSON) {
        object("row", values, Map.of());
      } else {
        line("+", values);
      }
      count();
    }
  }

  @Override
  public void initialDone() {
    if (format == OutputFormat.JSON) {
      print(Json.write(Map.of("op", "ready")));
    } else if (format == OutputFormat.TABLE) {
      print(rows == 1 ? "(1 row, changes follow)" : "(" + rows + " rows, changes follow)");
    }
  }

  @Override
  public void change(LiveChange change) {
    if (rows >= mostRows) {
      return;
    }
    if (format == OutputFormat.JSON) {
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("key", JsonValues.encode(change.key()));
      more.put("partition", change.position().partition());
      more.put("offset", change.position().offset());
      object(change.kind().name().toLowerCase(Locale.ROOT), change.values(), more);
    } else {
      line(sign(change.kind()), change.values());
    }
    count();
  }

  private static String sign(LiveChange.Kind kind) {
    return switch (kind) {
      case INSERTED -> "+";
      case UPDATED -> "~";
      case DELETED -> "-";
    };
  }

  @Override
  public void ended(@Nullable ShardstreamException error) {
    stop();
  }

  private void count() {
    rows++;
    if (rows >= mostRows) {
      stop();
    }
  }

  private void object(String op, List<@Nullable Object> values, Map<String, Object> more) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("op", op);
    object.put("values", JsonValues.encode(values));
    object.putAll(more);
    print(Json.write(object));
  }

  private void line(String op, List<@Nullable Object> values) {
    if (format == OutputFormat.CSV) {
      List<@Nullable String> fields = new ArrayList<>();
      fields.add(op);
      values.forEach(value -> fields.add(CellValues.text(value)));
      out.print(CsvWriter.text(List.of(fields)));
      out.flush();
    } else {
      List<String> cells = new ArrayList<>();
      cells.add(op);
      values.forEach(value -> cells.add(TextTable.cell(value)));
      print(String.join(" | ", cells));
    }
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
