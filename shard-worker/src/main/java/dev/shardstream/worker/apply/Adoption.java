package dev.shardstream.worker.apply;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.worker.catalog.Catalog;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.shard.ShardFile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one shard file at the newest definition of its table. Its methods belong to the file's
 * owner thread.
 */
public final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  /** How long the owner thread waits in place for a definition that the log needs. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ShardFile file;
  private final Catalog catalog;
  private final Consumer<ShardFile> adopted;
  private @Nullable Table seen;

  /**
   * @param adopted called after each adoption, and once for what the file has when the catalog is
   *     first known
   */
  public Adoption(ShardFile file, Catalog catalog, Consumer<ShardFile> adopted) {
    this.file = file;
    this.catalog = catalog;
    this.adopted = adopted;
  }

  /** Whether the catalog has a definition that the file has not been offered. */
  boolean isDue() {
    return newest().isPresent();
  }

  private Optional<Table> newest() {
    return catalog.newest(file.ref().tableId()).filter(table -> table != seen);
  }

  /**
   * Alters the table to the newest definition and builds the indexes that it lacks.
   *
   * @return whether the table's shape is another one
   */
  boolean toNewest() throws SQLException {
    Optional<Table> newest = newest();
    return newest.isPresent()
        && TraceScope.current()
            .with(catalog.trace(file.ref().tableId()))
            .ask(() -> to(newest.get()));
  }

  private boolean to(Table newest) throws SQLException {
    boolean altered = file.adopt(newest);
    if (altered || seen == null) {
      adopted.accept(file);
    }
    long started = System.nanoTime();
    if (file.buildIndexes()) {
      LOG.info(
          "indexes.built shard={} indexes={} millis={}",
          file.ref(),
          file.indexes(),
          (System.nanoTime() - started) / 1_000_000);
      adopted.accept(file);
    }
    seen = newest;
    if (altered) {
      LOG.info(
          "schema.adopted shard={} version={} indexes={}",
          file.ref(),
          newest.getSchemaVersion(),
          file.indexes());
    }
    return altered;
  }

  /**
   * What a definition must have so that a batch can be applied with it; every later one has it too.
   *
   * @param version least schema version
   * @param columnId a column that it must know, or have known and dropped; 0 for none
   */
  record Need(int version, int columnId) implements Predicate<Table> {
    /** The need of a batch: of its writers, of the fences that are armed, and of its rules. */
    static Need of(List<LogEntry> entries, Predicate<String> armed) {
      int version = 0;
      int columnId = 0;
      for (LogEntry entry : entries) {
        if (entry instanceof LogEntry.Changed changed) {
          // Not its version: one can be registered and yet be refused, and then never comes.
          columnId = Math.max(columnId, changed.change().change().version().nextColumnId() - 1);
        } else if (entry instanceof LogEntry.Fenced fence && armed.test(fence.fenceId())) {
          version = Math.max(version, fence.schemaVersion());
        } else if (entry instanceof LogEntry.Ruled ruled && ruled.rule().getEnforced()) {
          columnId = Math.max(columnId, Collections.max(ruled.rule().getColumns()));
        }
      }
      return new Need(version, columnId);
    }

    @Override
    public boolean test(Table table) {
      return table.getSchemaVersion() >= version && table.getNextColumnId() > columnId;
    }
  }

  /** Whether the file has what a batch needs. */
  boolean meets(Need need) {
    return need.test(file.definition().table());
  }

  /**
   * Waits a little for a definition that the log needs, and adopts what is there. Writers learn of
   * a version from the catalog too, so it cannot be far.
   *
   * @throws ShardstreamException STALE_SCHEMA when it has not come: nothing is wrong with the
   *     change, and it has to be read again later
   */
  void reach(Need need) throws SQLException {
    catalog.await(file.ref().tableId(), need, PATIENCE);
    toNewest();
    if (!meets(need)) {
      Table table = file.definition().table();
      int version = table.getSchemaVersion();
      throw new ShardstreamException(
          ErrorCode.STALE_SCHEMA, version, table.getName(), Math.max(need.version(), version + 1));
    }
  }
}
