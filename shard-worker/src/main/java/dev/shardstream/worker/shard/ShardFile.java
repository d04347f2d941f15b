package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * One open shard file. One thread at a time writes, through {@link #writer()}: the copy while the
 * shard is COPYING, the applier after that. Any thread may open readers.
 *
 * <p>WAL with {@code synchronous=NORMAL}: a power cut may lose the last transactions, rows and
 * positions together, and the log has them all (https://sqlite.org/wal.html).
 */
public final class ShardFile implements AutoCloseable {
  private final Path path;
  private final Settings settings;
  private final Connection writer;
  private final SchemaBoard schemas;
  private volatile ShardDefinition definition;
  private volatile TableShape shape;
  private volatile List<Integer> indexes;
  private volatile boolean building;

  /**
   * @param cacheBytes page cache of the writer; a reader has a quarter of it
   * @param walBytes size of the write-ahead log from which it is truncated on purpose
   */
  public record Settings(int cacheBytes, long walBytes) {}

  private ShardFile(Path path, Settings settings, Connection writer, ShardDefinition definition)
      throws SQLException {
    this.path = path;
    this.settings = settings;
    this.writer = writer;
    this.definition = definition;
    this.shape = new TableShape(definition.table());
    this.indexes = SchemaChange.indexes(writer);
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
    Files.createDirectories(path.getParent());
    deleteFiles(path);
    Connection writer = connect(path, settings);
    try {
      Transaction.write(
          writer,
          () -> {
            TableShape shape = new TableShape(definition.table());
            Transaction.execute(writer, shape.createTable());
            if (shape.createExpiryIndex().isPresent()) {
              Transaction.execute(writer, shape.createExpiryIndex().get());
            }
            SystemTables.create(writer, definition);
            if (definition.state() == ShardState.APPLYING) {
              SystemTables.writePositions(writer, logStart(definition));
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
    int partitions = definition.table().getPartitions();
    return definition.virtualShards().stream()
        .map(v -> new Positions.Held(v, VirtualShards.partitionOf(v, partitions), 0, 0))
        .toList();
  }

  /** Opens a file; empty when its creation did not finish, which leaves nothing to keep. */
  public static Optional<ShardFile> open(Path path, Settings settings) throws SQLException {
    Connection writer = connect(path, settings);
    try {
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

  private static Connection connect(Path path, Settings settings) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(10_000);
    config.setCacheSize(-settings.cacheBytes() / 1024);
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, Long.toString(settings.walBytes()));
    Connection connection = config.createConnection("jdbc:sqlite:" + path);
    Transaction.execute(connection, "PRAGMA wal_autocheckpoint = 4000");
    return connection;
  }

  public Path path() {
    return path;
  }

  public ShardDefinition definition() {
    return definition;
  }

  public ShardRef ref() {
    return definition.ref();
  }

  public TableShape shape() {
    return shape;
  }

  /** Ids of the indexes that the file has, ascending. */
  public List<Integer> indexes() {
    return indexes;
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
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(10_000);
    config.setCacheSize(-settings.cacheBytes() / 4096);
    Connection connection = config.createConnection("jdbc:sqlite:" + path);
    ((SQLiteConnection) connection).setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
    return connection;
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
    TableShape nextShape = new TableShape(next);
    Transaction.write(
        writer,
        () -> {
          SchemaChange.alter(writer, shape, nextShape);
          SystemTables.writeTable(writer, next);
          return true;
        });
    shape = nextShape;
    definition = definition.withTable(next);
    indexes = SchemaChange.indexes(writer);
    schemas.publish(next);
    return true;
  }

  /** An index makes no version, but its id is never given again. */
  private static boolean isOlder(Table one, Table other) {
    int versions = Integer.compare(one.getSchemaVersion(), other.getSchemaVersion());
    return versions < 0 || versions == 0 && one.getNextIndexId() < other.getNextIndexId();
  }

  /**
   * Builds the indexes of the definition that the file lacks, each whole or not at all. Readers go
   * on meanwhile. To be called by the owner thread.
   *
   * @return whether there was any
   */
  public boolean buildIndexes() throws SQLException {
    List<Index> missing = SchemaChange.missingIndexes(writer, definition.table());
    for (Index index : missing) {
      building = true;
      try {
        SchemaChange.createIndex(writer, shape, index);
      } finally {
        building = false;
      }
      indexes = SchemaChange.indexes(writer);
    }
    return !missing.isEmpty();
  }

  /**
   * Lets the index that is built fail, for a shard that has to stop; any thread may ask for it. No
   * effect when none is built (https://sqlite.org/c3ref/interrupt.html).
   */
  public void stopBuilding() {
    if (building) {
      try {
        ((SQLiteConnection) writer).getDatabase().interrupt();
      } catch (SQLException closed) {
        throw new IllegalStateException(closed);
      }
    }
  }

  /** Ends copying, for ever; to be called by the owner thread. */
  public void startApplying() throws SQLException {
    SystemTables.writeState(writer, ShardState.APPLYING);
    definition = definition.withState(ShardState.APPLYING);
  }

  /** Bytes on disk, write-ahead log included. */
  public long bytes() throws IOException {
    return size(path) + size(wal(path));
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (java.nio.file.NoSuchFileException none) {
      return 0;
    }
  }

  /**
   * Truncates a write-ahead log that has outgrown its limit; to be called by the owner thread
   * outside a transaction. A long reader can be in the way: then the next call tries again.
   */
  public void checkpointIfLarge() throws SQLException, IOException {
    if (size(wal(path)) < settings.walBytes()) {
      return;
    }
    try (Statement statement = writer.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 100");
      try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
        result.next();
      } finally {
        statement.execute("PRAGMA busy_timeout = 10000");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    schemas.close();
    writer.close();
  }

  /** Closes and deletes the file. */
  public void delete() throws SQLException, IOException {
    close();
    deleteFiles(path);
  }

  /** Deletes a shard's files, whichever of them are there. */
  public static void deleteFiles(Path path) throws IOException {
    for (Path file : List.of(wal(path), path.resolveSibling(path.getFileName() + "-shm"), path)) {
      Files.deleteIfExists(file);
    }
  }

  private static Path wal(Path path) {
    return path.resolveSibling(path.getFileName() + "-wal");
  }
}
