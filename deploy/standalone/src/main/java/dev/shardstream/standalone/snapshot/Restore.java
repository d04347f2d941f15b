package dev.shardstream.standalone.snapshot;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.snapshot.RowsDigest;
import dev.shardstream.schemas.snapshot.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Restores a snapshot into a table. Doing it twice is doing it once. */
public final class Restore {
  private final Shardstream shardstream;
  private final Snapshot snapshot;
  private final String into;
  private final Consumer<String> progress;

  /**
   * @param shardstream the cluster that gets the table; stays the caller's
   * @param into the table's name; {@code ns.name} for another namespace than the configured one
   * @param progress gets a line for each step
   */
  public Restore(
      Shardstream shardstream, Snapshot snapshot, String into, Consumer<String> progress) {
    this.shardstream = shardstream;
    this.snapshot = snapshot;
    this.into = into;
    this.progress = progress;
  }

  /**
   * What was done.
   *
   * @param rows that the table has now
   * @param written of these by this run
   * @param replayed changes of the log that were accepted on the way to the moment
   * @param compared virtual shards that were found to be as they should
   */
  public record Report(long rows, long written, long replayed, int compared) {}

  /**
   * Restores it.
   *
   * @param at where the log is to be followed to, as {@link Moment#parse} reads it; null for the
   *     snapshot as it is
   * @param work where the rows are put together, with room for all of them; null for a directory of
   *     the system's
   * @throws ShardstreamException SNAPSHOT_DAMAGED, SNAPSHOT_REFUSED, RESTORE_TOO_EARLY,
   *     RESTORE_NO_LOG, RESTORE_CONFLICT, RESTORE_MISMATCH, INVALID_ARGUMENT, FILE_ERROR
   */
  public Report run(@Nullable String at, @Nullable Path work) {
    Moment moment = at == null ? null : Moment.parse(at);
    try {
      Path directory =
          work == null
              ? Files.createTempDirectory("shardstream-restore")
              : Files.createTempDirectory(Files.createDirectories(work), "restore");
      try {
        return run(moment, directory);
      } finally {
        delete(directory);
      }
    } catch (IOException | UncheckedIOException | SQLException e) {
      throw new ShardstreamException(
              ErrorCode.FILE_ERROR, "restore", "the rows cannot be put together: " + e.getMessage())
          .causedBy(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Report run(@Nullable Moment moment, Path directory) throws SQLException, IOException {
    Optional<PointInTime> goal =
        moment == null
            ? Optional.empty()
            : Optional.of(PointInTime.find(shardstream, snapshot.manifest(), moment));
    requireUnlike();
    int slices = snapshot.manifest().slices().size();
    progress.accept("reading " + slices + " slices of snapshot " + snapshot.manifest().name());
    try (WorkingCopy copy = WorkingCopy.of(snapshot, directory, taken -> {})) {
      long replayed = 0;
      if (goal.isPresent()) {
        progress.accept("applying the log up to " + moment);
        replayed = goal.get().bring(copy);
      }
      if (moment == null || moment instanceof Moment.Time) {
        copy.expire(
            moment instanceof Moment.Time time ? time.millis() : snapshot.manifest().takenAt());
      }
      return into(copy, replayed);
    }
  }

  /** A table of the snapshot's own is never written over. */
  private void requireUnlike() {
    Optional<Table> there = shardstream.tables().find(into);
    Table own = snapshot.manifest().definition();
    if (there.isPresent() && there.get().getTableId().equals(own.getTableId())) {
      throw new ShardstreamException(
          ErrorCode.RESTORE_CONFLICT,
          into,
          snapshot.manifest().name(),
          "it is the table that the snapshot was taken of");
    }
  }

  private Report into(WorkingCopy copy, long replayed) throws SQLException {
    RestoredDefinition definition = new RestoredDefinition(snapshot.manifest(), copy.table());
    RestoredTable table = new RestoredTable(shardstream, into, snapshot.manifest().name(), copy);
    @Nullable Map<Integer, Set<RowsDigest>> lacking = null;
    Optional<Table> there = shardstream.tables().find(into);
    if (there.isPresent()) {
      progress.accept("comparing with what table '" + into + "' has");
      definition
          .difference(there.get())
          .ifPresent(
              difference -> {
                throw new ShardstreamException(
                    ErrorCode.RESTORE_CONFLICT, into, snapshot.manifest().name(), difference);
              });
      lacking = table.lacking(there.get());
    } else {
      progress.accept("creating table '" + into + "'");
      QualifiedName name = QualifiedName.parse(into);
      shardstream.tables().create(name.database(), definition.create(name.name()));
    }
    boolean isWhole = lacking != null && lacking.isEmpty();
    progress.accept(isWhole ? "no row is missing" : "writing rows");
    long written = isWhole ? 0 : table.write(lacking);
    addIndexes(definition, copy.table());
    addComments(copy.table());
    if (!isWhole) {
      progress.accept("comparing");
      table.compare(required());
    }
    return new Report(rows(copy), written, replayed, VirtualShards.COUNT);
  }

  private static long rows(WorkingCopy copy) throws SQLException {
    long rows = 0;
    for (int v = 0; v < VirtualShards.COUNT; v++) {
      rows += copy.digest(v).rows();
    }
    return rows;
  }

  private Table required() {
    return shardstream
        .tables()
        .find(into)
        .orElseThrow(() -> new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, into));
  }

  /** After the rows: that is faster, and a unique one has to see all of them anyway. */
  private void addIndexes(RestoredDefinition definition, Table table) {
    String plain = QualifiedName.parse(into).name();
    for (Index index : table.getIndexes()) {
      List<String> columns = definition.columnNames(index.getColumns());
      if (index.getStatus() == IndexStatus.FAILED
          || index.getUnique() && index.getStatus() != IndexStatus.READY
          || columns.size() != index.getColumns().size()
          || RestoredDefinition.hasIndex(required(), index.getUnique(), columns)) {
        continue;
      }
      progress.accept("building index '" + index.getName() + "'");
      try {
        shardstream.tables().createIndex(into, index.getName(), index.getUnique(), columns);
      } catch (ShardstreamException taken) {
        if (taken.code() != ErrorCode.INDEX_EXISTS) {
          throw taken;
        }
        // Names are unique in a namespace, and the table that the snapshot is of may still be
        // there.
        shardstream
            .tables()
            .createIndex(into, plain + "_" + index.getName(), index.getUnique(), columns);
      }
    }
  }

  private void addComments(Table table) {
    Table there = required();
    for (Column column : table.getColumns()) {
      String comment = column.getComment();
      boolean lacks =
          comment != null
              && there.getColumns().stream()
                  .filter(each -> Names.same(each.getName(), column.getName()))
                  .anyMatch(each -> !comment.equals(each.getComment()));
      if (lacks) {
        QualifiedName name = QualifiedName.parse(into);
        String database = name.database();
        shardstream.execute(
            "COMMENT ON COLUMN "
                + (database == null ? "" : Identifiers.quote(database) + ".")
                + Identifiers.quote(name.name())
                + "."
                + Identifiers.quote(column.getName())
                + " IS '"
                + comment.replace("'", "''")
                + "'");
      }
    }
  }
}
