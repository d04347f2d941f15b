package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: the rows of a table as CSV that {@code import} reads. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Write the rows of a table as CSV with a header, in the order of its primary key.")
final class ExportCommand extends ClientCommand {
  /** What an export can be written as. */
  enum Format {
    CSV
  }

  @Parameters(paramLabel = "T", description = "The table.")
  private String table = "";

  @Option(
      names = "--format",
      paramLabel = "csv",
      defaultValue = "CSV",
      description = "csv, the only one so far.")
  private Format format = Format.CSV;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "File to write. Default: standard output.")
  private @Nullable Path output;

  @Mixin private final DelimiterOption delimiter = new DelimiterOption();

  @Override
  int run() {
    char separator = delimiter.separator();
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      TableExport export =
          new TableExport(
              shardstream.writer(table).table(),
              QualifiedName.parse(table),
              (sql, values) -> shardstream.execute(sql, values.toArray()));
      if (output == null) {
        toStandardOutput(export, separator);
      } else {
        toFile(export, separator, output, rowsOf(shardstream));
      }
    }
    return OK;
  }

  private long rowsOf(Shardstream shardstream) {
    return shardstream.tables().getStats(table).stream()
        .filter(shard -> shard.status().equals("active") && shard.rows() != null)
        .mapToLong(shard -> shard.rows())
        .sum();
  }

  private void toStandardOutput(TableExport export, char separator) {
    try {
      write(export, out(), separator, rows -> {});
    } catch (IOException e) {
      throw failed("standard output", e);
    }
    if (out().checkError()) {
      throw failed("standard output", null);
    }
  }

  /** An export that fails half-way leaves nothing that looks like a whole one. */
  private void toFile(TableExport export, char separator, Path file, long expected) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      long rows;
      try (Writer out = Files.newBufferedWriter(unfinished);
          Progress progress = Progress.on(System.err, "export", Math.max(1, expected))) {
        rows =
            write(
                export,
                out,
                separator,
                done -> progress.at(Math.min(done, Math.max(1, expected)), done + " rows"));
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      out().println(rows + " rows exported from " + table + " to " + file);
    } catch (IOException e) {
      throw failed(file.toString(), e);
    }
  }

  private long write(TableExport export, Writer out, char separator, LongConsumer progress)
      throws IOException {
    return switch (format) {
      case CSV -> export.writeTo(out, separator, progress);
    };
  }

  private static ShardstreamException failed(String where, @Nullable IOException cause) {
    ShardstreamException error =
        new ShardstreamException(ErrorCode.FILE_ERROR, where, "cannot be written");
    return cause == null ? error : error.causedBy(cause);
  }
}
