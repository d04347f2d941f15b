package dev.shardstream.producer.cli;

import dev.shardstream.producer.write.Receipt;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.AwaitResponse.Rejection;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of a CSV file to a table. Several batches are under way at a time, each is
 * waited for until its shards have applied it, and what was refused goes to the reject file in the
 * order of the lines.
 */
final class CsvImport {
  private static final int BATCH_ROWS = 2000;
  private static final int BATCH_CHARACTERS = 2 << 20;
  private static final int BATCHES_UNDER_WAY = 4;

  /** A row is to blame, before it reaches a shard; the next one may be good. */
  private static final Set<ErrorCode> OF_A_ROW =
      EnumSet.of(
          ErrorCode.INVALID_ARGUMENT, ErrorCode.TYPE, ErrorCode.NOT_NULL, ErrorCode.TOO_LARGE);

  private final CsvHeader header;
  private final Function<List<@Nullable Object>, CompletableFuture<Receipt>> writer;
  private final Function<Collection<Receipt>, Map<Receipt, Rejection>> rejections;
  private final RejectFile rejects;
  private final Listener progress;
  private final Deque<Batch> underWay = new ArrayDeque<>();
  private Batch batch = new Batch();
  private long applied;

  /** Hears how far an import is. */
  @FunctionalInterface
  interface Listener {
    /**
     * @param bytes of the file that are done with
     * @param rows that are in the table
     */
    void at(long bytes, long rows);
  }

  /** A record and what became of it: a write, or an error before it. */
  private record Written(
      CsvRecord record,
      @Nullable CompletableFuture<Receipt> receipt,
      @Nullable ShardstreamException error) {}

  private static final class Batch {
    private final List<Written> rows = new ArrayList<>();
    private long characters;
    private long bytesRead;

    void add(Written row) {
      rows.add(row);
      characters += row.record().text().length();
    }

    boolean isFull() {
      return rows.size() >= BATCH_ROWS || characters >= BATCH_CHARACTERS;
    }
  }

  /**
   * @param writer writes one row, its values in the order of the header
   * @param rejections waits until shards have passed all of them, and says which they refused
   * @param progress hears after each batch
   */
  CsvImport(
      CsvHeader header,
      Function<List<@Nullable Object>, CompletableFuture<Receipt>> writer,
      Function<Collection<Receipt>, Map<Receipt, Rejection>> rejections,
      RejectFile rejects,
      Listener progress) {
    this.header = header;
    this.writer = writer;
    this.rejections = rejections;
    this.rejects = rejects;
    this.progress = progress;
  }

  /**
   * Imports what is left of a file behind its header.
   *
   * @return rows that are in the table now
   * @throws ShardstreamException when it cannot go on: the cluster does not answer, or the table is
   *     gone
   */
  long run(CsvReader reader) throws IOException {
    CsvRecord record = reader.next();
    while (record != null) {
      batch.add(write(record));
      batch.bytesRead = reader.bytesRead();
      if (batch.isFull()) {
        underWay.add(batch);
        batch = new Batch();
      }
      if (underWay.size() >= BATCHES_UNDER_WAY) {
        settle(underWay.remove());
      }
      record = reader.next();
    }
    underWay.add(batch);
    while (!underWay.isEmpty()) {
      settle(underWay.remove());
    }
    return applied;
  }

  private Written write(CsvRecord record) {
    try {
      requireWhole(record);
      return new Written(record, writer.apply(header.values(record)), null);
    } catch (ShardstreamException e) {
      return new Written(record, null, requireOfARow(e));
    }
  }

  private void requireWhole(CsvRecord record) {
    int wanted = header.columns().size();
    String problem = record.problem();
    if (problem == null && record.fields().size() != wanted) {
      problem = record.fields().size() + " fields instead of " + wanted;
    }
    if (problem != null) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, problem);
    }
  }

  private void settle(Batch settled) {
    List<Receipt> receipts = new ArrayList<>();
    List<Written> acknowledged = new ArrayList<>();
    for (Written row : settled.rows) {
      Written known = acknowledged(row);
      acknowledged.add(known);
      if (known.receipt() != null) {
        receipts.add(known.receipt().join());
      }
    }
    Map<Receipt, Rejection> refused = receipts.isEmpty() ? Map.of() : rejections.apply(receipts);
    for (Written row : acknowledged) {
      count(row, refused);
    }
    progress.at(settled.bytesRead, applied);
  }

  private void count(Written row, Map<Receipt, Rejection> refused) {
    ShardstreamException error = row.error();
    if (row.receipt() != null) {
      Rejection rejection = refused.get(row.receipt().join());
      error =
          rejection == null
              ? null
              : ShardstreamException.reported(rejection.code(), rejection.message());
    }
    if (error == null) {
      applied++;
    } else {
      rejects.add(row.record(), error.code(), error.getMessage());
    }
  }

  /** Waits until the log has it or has refused it. */
  private static Written acknowledged(Written row) {
    CompletableFuture<Receipt> receipt = row.receipt();
    if (receipt == null) {
      return row;
    }
    try {
      receipt.join();
      return row;
    } catch (CompletionException e) {
      if (e.getCause() instanceof ShardstreamException error) {
        return new Written(row.record(), null, requireOfARow(error));
      }
      throw e;
    }
  }

  private static ShardstreamException requireOfARow(ShardstreamException error) {
    if (OF_A_ROW.contains(error.code())) {
      return error;
    }
    throw error;
  }
}
