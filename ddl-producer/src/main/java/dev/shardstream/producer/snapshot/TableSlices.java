package dev.shardstream.producer.snapshot;

import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.query.ShardAddress;
import dev.shardstream.producer.query.ShardUnavailableException;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.slice.SliceDownload;
import dev.shardstream.schemas.threads.DaemonThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the slices of a whole table from whoever holds them. A virtual shard is fetched under one
 * topology; when that has changed meanwhile, or nobody answers, it is fetched again.
 */
public final class TableSlices {
  private static final Logger LOG = LoggerFactory.getLogger(TableSlices.class);

  /** As many as keep a few nodes busy; each node makes four at a time. */
  private static final int AT_ONCE = 8;

  private static final Duration END_LIMIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Metadata metadata;
  private final SliceDownload download;
  private final Duration patience;

  /**
   * @param patience how long one virtual shard is tried again
   */
  public TableSlices(Metadata metadata, SliceDownload download, Duration patience) {
    this.metadata = metadata;
    this.download = download;
    this.patience = patience;
  }

  /**
   * A part of a virtual shard that has come.
   *
   * @param range the shard keys in it
   * @param file its slice; gone after {@link Sink#take}
   */
  public record Part(KeyRange range, Path file) {}

  /** Takes what has come. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Called by several threads, once for each virtual shard unless it asks for it again.
     *
     * @param parts one for each owner: together every row
     * @return false to have the virtual shard fetched again, since it is not as it has to be yet
     */
    boolean take(int virtualShard, List<Part> parts) throws SQLException, IOException;
  }

  /**
   * Fetches all virtual shards.
   *
   * @throws ShardstreamException SNAPSHOT_FAILED, TABLE_NOT_FOUND, UNAUTHENTICATED, FORBIDDEN, and
   *     what the sink throws
   */
  public void fetch(Table table, Sink sink) {
    ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, DaemonThreads.named("shardstream-slices"));
    try {
      Path directory = Files.createTempDirectory("shardstream-slices");
      try {
        ExecutorCompletionService<Boolean> done = new ExecutorCompletionService<>(threads);
        for (int v = 0; v < VirtualShards.COUNT; v++) {
          done.submit(fetching(table, v, directory, sink));
        }
        for (int v = 0; v < VirtualShards.COUNT; v++) {
          done.take().get();
        }
      } finally {
        end(threads, directory);
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ShardstreamException known
          ? known
          : new ShardstreamException(ErrorCode.INTERNAL, String.valueOf(e.getCause())).causedBy(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(table, "it was interrupted").causedBy(e);
    }
  }

  /** Each fetch deletes what it has fetched, so the directory is empty when all have ended. */
  private static void end(ExecutorService threads, Path directory) throws InterruptedException {
    threads.shutdownNow();
    if (threads.awaitTermination(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      try {
        Files.deleteIfExists(directory);
      } catch (IOException left) {
        // Whether the slices have come, or why not, is what the caller has to hear of.
        LOG.warn("Cannot delete {}: delete it by hand", directory, left);
      }
    }
  }

  private Callable<Boolean> fetching(Table table, int virtualShard, Path directory, Sink sink) {
    return () -> {
      long deadline = System.nanoTime() + patience.toNanos();
      while (true) {
        MetadataSnapshot snapshot = metadata.snapshot();
        String problem;
        try {
          if (took(snapshot, table, virtualShard, directory, sink)) {
            return true;
          }
          problem = "virtual shard " + virtualShard + " is not as it should be yet";
        } catch (ShardUnavailableException | IOException | SQLException away) {
          problem = "virtual shard " + virtualShard + ": " + away.getMessage();
        }
        if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
          throw failed(table, problem);
        }
        metadata.await(now -> now != snapshot, PAUSE);
      }
    };
  }

  private boolean took(
      MetadataSnapshot snapshot, Table table, int virtualShard, Path directory, Sink sink)
      throws IOException, SQLException, InterruptedException {
    Topology topology = topology(snapshot, table);
    List<Part> parts = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    try {
      for (Shard owner : Tables.owners(topology)) {
        if (owner.getVirtualShards().contains(virtualShard)) {
          KeyRange range = KeyRanges.orAll(owner.getRange());
          Path file = directory.resolve(UUID.randomUUID() + ".sqlite");
          files.add(file);
          fetch(snapshot, topology, owner, virtualShard, range, file);
          parts.add(new Part(range, file));
        }
      }
      if (parts.isEmpty()) {
        throw new IOException("no shard owns it");
      }
      return sink.take(virtualShard, parts);
    } finally {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static Topology topology(MetadataSnapshot snapshot, Table table) {
    Table now = snapshot.tablesById().get(table.getTableId());
    if (now == null || now.getStatus() == TableStatus.DROPPING) {
      throw new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, table.getName());
    }
    return snapshot.requireTopology(now);
  }

  /** From the owner or, when it does not answer, from another one that has the same rows. */
  private void fetch(
      MetadataSnapshot snapshot,
      Topology topology,
      Shard owner,
      int virtualShard,
      KeyRange range,
      Path file)
      throws IOException, InterruptedException {
    List<Shard> holders = new ArrayList<>(List.of(owner));
    Tables.holders(topology, owner).stream()
        .filter(holder -> !holder.equals(owner))
        .forEach(holders::add);
    IOException failure = null;
    for (Shard holder : holders) {
      try {
        ShardAddress at = ShardAddress.of(snapshot, topology.getTableId(), holder);
        if (download
            .fetch(at.endpoint(), at.tableId(), at.shardId(), virtualShard, range, file)
            .isPresent()) {
          return;
        }
        failure = new IOException(at.shardName() + " does not hold it any more");
      } catch (SliceDownload.RefusedException refused) {
        throw refused.reported();
      } catch (ShardUnavailableException | IOException away) {
        failure = new IOException(String.valueOf(away.getMessage()), away);
      }
    }
    throw failure == null ? new IOException("nobody holds it") : failure;
  }

  private ShardstreamException failed(Table table, String why) {
    return new ShardstreamException(
        ErrorCode.SNAPSHOT_FAILED, table.getName(), patience.toSeconds(), why);
  }
}
