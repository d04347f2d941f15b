package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: the rows of a CSV file into a table. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Insert the rows of a CSV file with a header. Exit status 1 if any line was rejected: it is"
            + " in the reject file with its number and the reason.")
final class ImportCommand extends ClientCommand {
  @Parameters(paramLabel = "FILE.csv", description = "The file, UTF-8.")
  private Path file = Path.of("");

  @Option(names = "--table", paramLabel = "T", required = true, description = "The table.")
  private String table = "";

  @Mixin private final DelimiterOption delimiter = new DelimiterOption();

  @Option(
      names = "--upsert",
      description = "Replace rows that are there instead of rejecting the line.")
  private boolean upsert;

  @Option(
      names = "--rejects",
      paramLabel = "FILE",
      description = "Reject file. Default: FILE.rejects.csv beside FILE.csv.")
  private @Nullable Path rejects;

  @Override
  int run() {
    char separator = delimiter.separator();
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, file, "cannot be read");
    }
    try (Shardstream shardstream = Shardstream.connect(settings());
        CsvReader reader = new CsvReader(Files.newInputStream(file), separator)) {
      return run(shardstream.writer(table), reader);
    } catch (IOException e) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, file, "cannot be read").causedBy(e);
    }
  }

  private int run(RowWriter writer, CsvReader reader) throws IOException {
    CsvRecord first = reader.next();
    if (first == null) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, file, "is empty, a header is missing");
    }
    CsvHeader header = CsvHeader.of(writer.table(), first);
    Path rejectPath = rejects == null ? RejectFile.of(file) : rejects;
    long begin = System.nanoTime();
    try (RejectFile rejectFile = new RejectFile(rejectPath)) {
      long rows = rows(writer, reader, header, rejectFile);
      summary(rows, rejectFile, Duration.ofNanos(System.nanoTime() - begin));
      return rejectFile.count() == 0 ? OK : FAILED;
    }
  }

  private long rows(RowWriter writer, CsvReader reader, CsvHeader header, RejectFile rejectFile)
      throws IOException {
    try (Progress progress = Progress.on(System.err, "import", Math.max(1, Files.size(file)))) {
      return new CsvImport(
              header,
              rowsInto(writer, header.names()),
              writer::rejections,
              rejectFile,
              (bytes, rows) ->
                  progress.at(bytes, rows + " rows, " + rejectFile.count() + " rejected"))
          .run(reader);
    }
  }

  private Function<List<@Nullable Object>, CompletableFuture<Receipt>> rowsInto(
      RowWriter writer, List<String> columns) {
    return upsert
        ? values -> writer.upsert(columns, values)
        : values -> writer.insert(columns, values);
  }

  private void summary(long rows, RejectFile rejectFile, Duration took) {
    out()
        .printf(
            Locale.ROOT,
            "%d rows imported into %s in %.1f s, %d lines rejected%n",
            rows,
            table,
            took.toMillis() / 1000.0,
            rejectFile.count());
    if (rejectFile.count() > 0) {
      out().println("The rejected lines and why: " + rejectFile.file());
    }
  }
}
