package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.http.AwaitResponse.Rejection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvImportTest {
  private static final ShardstreamException TOO_LARGE =
      new ShardstreamException(ErrorCode.TOO_LARGE, 2, 1, "set write.max.bytes");

  @TempDir private Path directory;

  private final Shards shards = new Shards();

  @Test
  void rows_are_written_in_the_columns_of_the_header() throws IOException {
    Outcome outcome = load("name,ID\nAda,1\n,2\n\"\",3\n");

    assertThat(outcome).isEqualTo(new Outcome(3, null));
    assertThat(shards.rows).isEqualTo(List.of(row("Ada", 1L), row(null, 2L), row("", 3L)));
  }

  @Test
  void what_cannot_be_taken_is_rejected_by_line_and_the_rest_is_imported() throws IOException {
    shards.refused.put(5L, TOO_LARGE);
    Outcome outcome =
        load("id,name\n1,a\nx,b\n1,again\n2\n3,\"c\nc\"\n4,\"d\"d\n5,huge\n,nobody\n6,f\n");

    assertThat(outcome.rows()).isEqualTo(3);
    assertThat(outcome.rejects())
        .isEqualTo(
            """
            line,code,reason,record
            3,TYPE,Column 'id' of table 't' is BIGINT and cannot hold 'x',"x,b"
            4,DUPLICATE_KEY,Duplicate key (1) in table 't',"1,again"
            5,INVALID_ARGUMENT,Invalid argument: 1 fields instead of 2,2
            8,INVALID_ARGUMENT,Invalid argument: a quoted field does not end with a quote and \
            a delimiter or the end of the line,"4,""d""d"
            9,TOO_LARGE,"The change is 2 bytes, more than the 1 that the log takes \
            (set write.max.bytes)","5,huge"
            10,NOT_NULL,Column 'id' of table 't' must not be NULL,",nobody"
            """);
  }

  @Test
  void a_large_file_goes_in_batches_and_its_rejects_keep_their_order() throws IOException {
    StringBuilder file = new StringBuilder("id,name\n");
    for (int i = 0; i < 25_000; i++) {
      file.append(i % 1000 == 0 ? 0 : i).append(",n\n");
    }
    Outcome outcome = load(file.toString());

    assertThat(outcome.rows()).isEqualTo(24_976);
    assertThat(outcome.rejects().lines().skip(1).map(line -> line.split(",")[0]))
        .containsExactlyElementsOf(
            IntStream.range(1, 25).mapToObj(i -> "" + (i * 1000 + 2)).toList());
    assertThat(shards.mostUnderWay).isLessThanOrEqualTo(8000);
  }

  @Test
  void an_error_that_is_about_no_row_ends_the_import() {
    shards.refused.put(2L, new ShardstreamException(ErrorCode.WRITE_FAILED, "log", "no leader"));

    assertThatThrownBy(() -> load("id,name\n1,a\n2,b\n3,c\n"))
        .hasMessage("Could not write to topic log: no leader");
  }

  @Test
  void a_header_must_fit_the_table() {
    assertThatThrownBy(() -> load("id,nme\n1,a\n"))
        .hasMessage("Column 'nme' not found in table 't'");
    assertThatThrownBy(() -> load("id,ID\n1,1\n"))
        .hasMessage("Column 'id' is named twice in table 't'");
    assertThatThrownBy(() -> load("name\na\n"))
        .hasMessage("Column 'id' of table 't' must not be NULL");
  }

  @Test
  void a_clean_import_leaves_no_reject_file_of_an_earlier_one() throws IOException {
    Files.writeString(directory.resolve("t.rejects.csv"), "line,code,reason,record\n");

    assertThat(load("id\n1\n")).isEqualTo(new Outcome(1, null));
  }

  @Test
  void the_reject_file_stands_beside_the_imported_one() {
    assertThat(RejectFile.of(Path.of("d/orders.csv"))).isEqualTo(Path.of("d/orders.rejects.csv"));
    assertThat(RejectFile.of(Path.of("orders.CSV"))).isEqualTo(Path.of("orders.rejects.csv"));
    assertThat(RejectFile.of(Path.of("orders.txt"))).isEqualTo(Path.of("orders.txt.rejects.csv"));
  }

  private record Outcome(long rows, @Nullable String rejects) {}

  private Outcome load(String text) throws IOException {
    Path file = directory.resolve("t.rejects.csv");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long rows;
    try (CsvReader reader = new CsvReader(new ByteArrayInputStream(bytes), ',');
        RejectFile rejects = new RejectFile(file)) {
      CsvRecord first = reader.next();
      assertThat(first).isNotNull();
      CsvHeader header =
          CsvHeader.of(
              TestTables.table(
                  TestTables.key("id", TypeName.BIGINT), TestTables.column("name", TypeName.TEXT)),
              first);
      int id = header.names().indexOf("id");
      rows =
          new CsvImport(
                  header,
                  values -> shards.write(values, (Long) values.get(id)),
                  shards::rejections,
                  rejects,
                  (done, count) -> {})
              .run(reader);
    }
    return new Outcome(rows, Files.exists(file) ? Files.readString(file) : null);
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  /** Takes every row, refuses a key that is there, fails as told. */
  private static final class Shards {
    private final Map<Long, ShardstreamException> refused = new HashMap<>();
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private final Set<Long> keys = new HashSet<>();
    private final Set<Long> accepted = new HashSet<>();
    private long next;
    private long settled;
    private long mostUnderWay;

    CompletableFuture<Receipt> write(List<@Nullable Object> values, @Nullable Long id) {
      if (id == null) {
        throw new ShardstreamException(ErrorCode.NOT_NULL, "id", "t");
      }
      if (refused.containsKey(id)) {
        return CompletableFuture.failedFuture(refused.get(id));
      }
      rows.add(values);
      long offset = next++;
      if (keys.add(id)) {
        accepted.add(offset);
      }
      mostUnderWay = Math.max(mostUnderWay, next - settled);
      return CompletableFuture.completedFuture(
          new Receipt("t", 0, offset, RowPlace.ofVirtualShard(id.intValue() % 256)));
    }

    Map<Receipt, Rejection> rejections(Collection<Receipt> receipts) {
      Map<Receipt, Rejection> rejections = new HashMap<>();
      for (Receipt receipt : receipts) {
        settled++;
        if (!accepted.contains(receipt.offset())) {
          rejections.put(
              receipt,
              new Rejection(
                  0, receipt.offset(), "DUPLICATE_KEY", "Duplicate key (1) in table 't'"));
        }
      }
      return rejections;
    }
  }
}
