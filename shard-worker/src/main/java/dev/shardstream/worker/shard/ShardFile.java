package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One open shard file. One thread at a time writes, through {@link #writer()}: the copy while the
 * shard is COPYING, the applier after that. Any thread may open readers.
 *
 * <p>WAL with {@code synchronous=NORMAL}: a power cut may lose the last transactions, rows and
 * positions together, and the log has them all (https://sqlite.org/wal.html).
 */
public final class ShardFile implements AutoCloseable {
  private final DatabaseFiles files;
  private final Settings settings;
  private final Connection writer;
  private final SchemaBoard schemas;
  private final IndexBuilder indexes;
  private final Soundness soundness;
  private volatile ShardDefinition definition;
  private volatile TableShape shape;
  private volatile TableShape appliedShape;
  private volatile int repair;
  private volatile Service service;

  /**
   * @param cacheBytes page cache of the writer; a reader has a quarter of it
   * @param walBytes size of the write-ahead log from which it is truncated on purpose
   * @param valueBytes most bytes of a value, and of a row, in the statements of clients
   */
  public record Settings(int cacheBytes, long walBytes, int valueBytes) {}

  private ShardFile(Path path, Settings settings, Connection writer, ShardDefinition definition)
      throws SQLException {
    this.files = new DatabaseFiles(path);
    this.settings = settings;
    this.writer = writer;
    this.definition = definition;
    this.shape = new TableShape(definition.table());
    this.indexes = new IndexBuilder(writer);
    this.soundness = new Soundness(files, definition.ref());
    this.repair = SystemTables.readRepair(writer);
    this.service = SystemTables.readService(writer);
    this.appliedShape = appliedShape(definition.table());
    this.schemas = new SchemaBoard(definition.ref(), definition.table());
  }

  /**
   * Makes the file. What is left of a creation that did not finish is replaced.
   *
   * @param definition an APPLYING shard starts empty at the log's start; a COPYING one holds
   *     nothing yet
   */
  public static ShardFile create(Path path, Settings settings, ShardDefinition definition)
      throws SQLException, IOException {
    return create(
        path,
        settings,
        definition,
        definition.state() == ShardState.APPLYING ? Service.FROM_THE_START : Service.COMPLETE);
  }

  /**
   * Makes the file of a shard anew that had one before. It serves nobody until {@link #caughtUp()}.
   *
   * @param definition APPLYING, as it starts empty at the log's start
   */
  public static ShardFile makeAnew(Path path, Settings settings, ShardDefinition definition)
      throws SQLException, IOException {
    return create(path, settings, definition, Service.NOT_BEFORE_THE_END);
  }

  private static ShardFile create(
      Path path, Settings settings, ShardDefinition definition, Service service)
      throws SQLException, IOException {
    Files.createDirectories(path.getParent());
    new DatabaseFiles(path).delete();
    Connection writer = new ShardConnections(path, settings).writer();
    try {
      Transaction.durable(
          writer,
          () -> {
            TableShape shape =
                service == Service.COMPLETE
                    ? new TableShape(definition.table())
                    : TableShape.withDropped(definition.table());
            Transaction.execute(writer, shape.createTable());
            if (shape.createExpiryIndex().isPresent()) {
              Transaction.execute(writer, shape.createExpiryIndex().get());
            }
            SystemTables.create(writer, definition);
            SystemTables.writeService(writer, service);
            if (definition.state() == ShardState.APPLYING) {
              PositionTable.put(writer, logStart(definition));
            }
            return true;
          });
      ShardFile file = new ShardFile(path, settings, writer, definition);
      if (definition.state() == ShardState.APPLYING) {
        file.buildIndexes();
      }
      return file;
    } catch (SQLException | RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  private static List<Positions.Held> logStart(ShardDefinition definition) {
    return definition.virtualShards().stream().map(v -> logStart(definition, v)).toList();
  }

  private static Positions.Held logStart(ShardDefinition definition, int virtualShard) {
    int partition = VirtualShards.partitionOf(virtualShard, definition.table().getPartitions());
    return new Positions.Held(virtualShard, definition.range(), partition, 0, 0);
  }

  /** Opens a file; empty when its creation did not finish, which leaves nothing to keep. */
  public static Optional<ShardFile> open(Path path, Settings settings) throws SQLException {
    Connection writer = new ShardConnections(path, settings).writer();
    try {
      SystemTables.upgrade(writer);
      Optional<ShardDefinition> definition = SystemTables.read(writer);
      if (definition.isEmpty()) {
        writer.close();
        return Optional.empty();
      }
      return Optional.of(new ShardFile(path, settings, writer, definition.get()));
    } catch (SQLException | RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  public Path path() {
    return files.main();
  }

  public ShardDefinition definition() {
    return definition;
  }

  public ShardRef ref() {
    return definition.ref();
  }

  /** The table as it is read. */
  public TableShape shape() {
    return shape;
  }

  /**
   * The table as changes are applied to it. A shard that applies the log from its start keeps the
   * columns that were dropped until it has been at the end, because there the rules that were about
   * them are over.
   */
  public TableShape appliedShape() {
    return appliedShape;
  }

  private TableShape appliedShape(Table table) {
    return service == Service.COMPLETE ? new TableShape(table) : TableShape.withDropped(table);
  }

  /** Ids of the indexes that the file has, ascending. */
  public List<Integer> indexes() {
    return indexes.indexes();
  }

  /** Where to wait for a definition of the table. */
  public SchemaBoard schemas() {
    return schemas;
  }

  /** The owner thread's connection, in auto-commit mode. */
  public Connection writer() {
    return writer;
  }

  /** A connection that can neither write nor attach another database. The caller closes it. */
  public Connection openReader() throws SQLException {
    return new ShardConnections(path(), settings).reader();
  }

  /** A reader for what clients send. */
  Connection openGuestReader() throws SQLException {
    return new ShardConnections(path(), settings).guest();
  }

  /**
   * Follows the catalog: alters the table's columns and takes the definition over, in one
   * transaction. Indexes that are not wanted go; those that are missing are built by {@link
   * #buildIndexes()}. To be called by the owner thread. A definition that is older than the file's
   * has no effect.
   *
   * @return whether anything changed
   */
  public boolean adopt(Table next) throws SQLException {
    Table current = definition.table();
    if (isOlder(next, current) || next.equals(current)) {
      return false;
    }
    TableShape nextApplied = appliedShape(next);
    Transaction.write(
        writer,
        () -> {
          SchemaChange.alter(writer, appliedShape, nextApplied);
          SystemTables.writeTable(writer, next);
          return true;
        });
    shape = new TableShape(next);
    appliedShape = nextApplied;
    definition = definition.withTable(next);
    indexes.look();
    schemas.publish(next);
    return true;
  }

  /** An index makes no version, but its id is never given again. */
  private static boolean isOlder(Table one, Table other) {
    int versions = Integer.compare(one.getSchemaVersion(), other.getSchemaVersion());
    return versions < 0 || versions == 0 && one.getNextIndexId() < other.getNextIndexId();
  }

  /**
   * Builds the indexes of the definition that the file lacks, each whole or not at all; in a RANGE
   * table one on the shard key too. Readers go on meanwhile. To be called by the owner thread.
   *
   * @return whether there was any of the definition
   */
  public boolean buildIndexes() throws SQLException {
    return indexes.build(shape);
  }

  /**
   * Lets the index that is built fail, for a shard that has to stop; any thread may ask for it. No
   * effect when none is built, and a build that is just beginning may not notice
   * (https://sqlite.org/c3ref/interrupt.html): to be repeated until the owner has stopped.
   */
  public void stopBuilding() {
    indexes.stop();
  }

  /** Ends copying, for ever; to be called by the owner thread. */
  public void startApplying() throws SQLException {
    Transaction.durable(
        writer,
        () -> {
          SystemTables.writeState(writer, ShardState.APPLYING);
          return true;
        });
    definition = definition.withState(ShardState.APPLYING);
  }

  /** What is wrong with the file, as far as it was noticed; then it must not be read any more. */
  public Optional<String> broken() {
    return soundness.broken();
  }

  /** Looks whether a failure of somebody who worked with the file means that it is broken. */
  public void noticed(Exception failure) {
    soundness.noticed(failure);
  }

  /** Whether it may be read: one that is made anew is behind what readers have seen before. */
  public boolean isServing() {
    return service != Service.NOT_BEFORE_THE_END;
  }

  /** Whether it has been at the end of its log, or was copied from one that had. */
  public boolean hasCaughtUp() {
    return service == Service.COMPLETE;
  }

  /**
   * It is at the end of its log: lets it be read, for ever, and drops the columns that only the log
   * needed. To be called by the owner thread.
   */
  public void caughtUp() throws SQLException {
    Transaction.write(
        writer,
        () -> {
          SchemaChange.alter(writer, appliedShape, shape);
          SystemTables.writeService(writer, Service.COMPLETE);
          return true;
        });
    service = Service.COMPLETE;
    appliedShape = shape;
  }

  /** Number of the last repair that it went through, 0 for none. */
  public int repair() {
    return repair;
  }

  /**
   * Forgets virtual shards and is COPYING again, in one transaction; to be called by the owner
   * thread, once per repair.
   */
  public void copyAgain(int number, Collection<Integer> virtualShards) throws SQLException {
    Transaction.write(
        writer,
        () -> {
          SystemTables.forget(writer, shape, virtualShards);
          SystemTables.writeState(writer, ShardState.COPYING);
          SystemTables.writeRepair(writer, number);
          return true;
        });
    repair = number;
    definition = definition.withState(ShardState.COPYING);
  }

  /**
   * Forgets a virtual shard, for what a snapshot has of it; to be called by the owner thread of a
   * shard that has not caught up.
   */
  public void forget(int virtualShard) throws SQLException {
    Transaction.write(
        writer,
        () -> {
          SystemTables.forget(writer, shape, List.of(virtualShard));
          return true;
        });
  }

  /**
   * Puts a virtual shard that is not held to the first record of its log; to be called by the owner
   * thread of a shard that has not caught up.
   */
  public void toLogStart(int virtualShard) throws SQLException {
    Transaction.write(
        writer,
        () -> {
          SystemTables.forget(writer, shape, List.of(virtualShard));
          PositionTable.put(writer, List.of(logStart(definition, virtualShard)));
          return true;
        });
  }

  /** Bytes on disk, write-ahead log included. */
  public long bytes() throws IOException {
    return files.bytes();
  }

  /** Bytes of the write-ahead log. */
  public long walBytes() throws IOException {
    return files.walBytes();
  }

  /**
   * Truncates a write-ahead log that has outgrown its limit; to be called by the owner thread
   * outside a transaction. A long reader can be in the way: then the next call tries again.
   */
  public void checkpointIfLarge() throws SQLException, IOException {
    if (files.walBytes() >= settings.walBytes()) {
      ShardConnections.truncateLog(writer);
    }
  }

  @Override
  public void close() throws SQLException {
    schemas.close();
    writer.close();
  }
}
