package dev.shardstream.producer.cli;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an import could not take: {@code line,code,reason,record}, one record each, with the line of
 * the imported file where it begins and its text there. The file is made with the first of them,
 * and one of an earlier import goes away.
 */
final class RejectFile implements AutoCloseable {
  private static final List<String> HEADER = List.of("line", "code", "reason", "record");

  private final Path file;
  private @Nullable Writer writer;
  private long count;

  /**
   * @throws ShardstreamException FILE_ERROR
   */
  RejectFile(Path file) {
    this.file = file;
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Beside the imported file: {@code orders.csv} has {@code orders.rejects.csv}. */
  static Path of(Path imported) {
    String name = imported.getFileName().toString().replaceFirst("(?i)[.]csv$", "");
    return imported.resolveSibling(name + ".rejects.csv");
  }

  /** Writes one reject. */
  void add(CsvRecord record, ErrorCode code, String reason) {
    try {
      CsvWriter csv = new CsvWriter(open(), ',');
      if (count == 0) {
        csv.write(HEADER);
      }
      csv.write(List.of(Long.toString(record.line()), code.name(), reason, record.text()));
      count++;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Writer open() throws IOException {
    Writer open = writer;
    if (open == null) {
      open = Files.newBufferedWriter(file);
      writer = open;
    }
    return open;
  }

  /** How many there are. */
  long count() {
    return count;
  }

  Path file() {
    return file;
  }

  private ShardstreamException failed(IOException cause) {
    return new ShardstreamException(ErrorCode.FILE_ERROR, file, "cannot be written")
        .causedBy(cause);
  }

  @Override
  public void close() {
    Writer open = writer;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }
}
