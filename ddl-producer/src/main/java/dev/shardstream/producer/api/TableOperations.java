package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlPublisher;
import dev.shardstream.producer.ddl.TableRules;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tables without SQL. Names without a database are in the configured one; {@code db.name} says
 * another. Safe for use by several threads.
 *
 * <pre>{@code
 * TableOperations tables = shardstream.tables();
 * tables.list().forEach(table -> System.out.println(table.name() + " " + table.shards()));
 * ReshardInfo queued = tables.reshard("orders", 8);
 * ReshardInfo ended = tables.awaitReshard(queued.changeLogId(), Duration.ofMinutes(10));
 * }</pre>
 */
public final class TableOperations {
  private final ClientConfig config;
  private final Metadata metadata;
  private final DdlPublisher publisher;

  TableOperations(ClientConfig config, Metadata metadata, DdlPublisher publisher) {
    this.config = config;
    this.metadata = metadata;
    this.publisher = publisher;
  }

  /** The tables of the configured database, by name. */
  public List<TableInfo> list() {
    MetadataSnapshot snapshot = metadata.snapshot();
    return snapshot.tables(config.database()).stream()
        .map(table -> TableFacts.info(snapshot, table))
        .toList();
  }

  /**
   * A table in full.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND
   */
  public TableDescription describe(String name) {
    MetadataSnapshot snapshot = metadata.snapshot();
    return TableFacts.description(snapshot, require(snapshot, name), config.topics());
  }

  /**
   * Figures of a table's shards, by shard id.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND
   */
  public List<ShardStats> getStats(String name) {
    MetadataSnapshot snapshot = metadata.snapshot();
    return TableFacts.stats(snapshot, require(snapshot, name));
  }

  /**
   * Drops a table with its rows and its log. When this returns, the name is free; files and topics
   * go away behind it.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, DROP_DURING_RESHARD
   */
  public void drop(String name) {
    drop(QualifiedName.parse(name), false);
  }

  DdlResult drop(QualifiedName table, boolean ifExists) {
    DdlResult result =
        publisher.publishAndAwait(
            publisher.command(table.database(), new DropTable(table.name(), ifExists, false, null)),
            DdlStatus.ACCEPTED);
    String tableId = result.getTableId();
    if (tableId != null) {
      awaitHere(
          snapshot -> {
            Table known = snapshot.tablesById().get(tableId);
            return known == null || known.getStatus() == TableStatus.DROPPING;
          },
          result);
    }
    return result;
  }

  /** Creates a table and waits until it can be written and read. */
  DdlResult create(@Nullable String database, CreateTable definition) {
    DdlResult result =
        publisher.publishAndAwait(publisher.command(database, definition), DdlStatus.APPLIED);
    String tableId = result.getTableId();
    if (tableId != null) {
      awaitHere(
          snapshot -> {
            Table known = snapshot.tablesById().get(tableId);
            return known != null
                && known.getStatus() == TableStatus.ACTIVE
                && snapshot.topologies().containsKey(tableId);
          },
          result);
    }
    return result;
  }

  /**
   * Starts a reshard and returns as soon as it is queued; the table is read and written all the
   * time.
   *
   * @param shards shard count to end with, 1 to 256
   * @throws ShardstreamException TABLE_NOT_FOUND, INVALID_SHARD_COUNT, RESHARD_IN_PROGRESS,
   *     TABLE_NOT_READY
   */
  public ReshardInfo reshard(String name, int shards) {
    return reshard(QualifiedName.parse(name), shards);
  }

  ReshardInfo reshard(QualifiedName table, long shards) {
    int count = TableRules.checkShardCount(shards);
    DdlResult result =
        publisher.publishAndAwait(
            publisher.command(table.database(), new ReshardTable(table.name(), count)),
            DdlStatus.ACCEPTED);
    String database = result.getDatabase();
    String changeLogId = result.getChangeLogId();
    if (changeLogId == null) {
      throw new ShardstreamException(ErrorCode.INTERNAL, "a reshard was accepted without an id");
    }
    awaitHere(snapshot -> snapshot.reshard(database, changeLogId).isPresent(), result);
    return metadata
        .snapshot()
        .reshard(database, changeLogId)
        .map(ReshardInfo::of)
        .orElseThrow(() -> new ShardstreamException(ErrorCode.RESHARD_NOT_FOUND, changeLogId));
  }

  /** The reshards of the configured database, in the order in which they started. */
  public List<ReshardInfo> reshards() {
    return metadata.snapshot().reshards(config.database()).stream().map(ReshardInfo::of).toList();
  }

  /**
   * How far a reshard of the configured database is.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND
   */
  public ReshardInfo reshard(String changeLogId) {
    return find(metadata.snapshot(), changeLogId)
        .orElseThrow(() -> new ShardstreamException(ErrorCode.RESHARD_NOT_FOUND, changeLogId));
  }

  /**
   * Waits until a reshard of the configured database has ended, well or not.
   *
   * @return how it ended, or how far it is after the timeout
   * @throws ShardstreamException RESHARD_NOT_FOUND
   */
  public ReshardInfo awaitReshard(String changeLogId, Duration timeout) {
    reshard(changeLogId);
    metadata.await(
        snapshot -> find(snapshot, changeLogId).filter(ReshardInfo::ended).isPresent(), timeout);
    return reshard(changeLogId);
  }

  private Optional<ReshardInfo> find(MetadataSnapshot snapshot, String changeLogId) {
    return snapshot.reshard(config.database(), changeLogId).map(ReshardInfo::of);
  }

  private Table require(MetadataSnapshot snapshot, String name) {
    QualifiedName table = QualifiedName.parse(name);
    return snapshot.requireTable(databaseOf(table), table.name());
  }

  private String databaseOf(QualifiedName table) {
    String database = table.database();
    return database == null ? config.database() : database;
  }

  /** The answer and the catalog come by different topics: the next statement must find both. */
  private void awaitHere(Predicate<MetadataSnapshot> condition, DdlResult result) {
    if (!metadata.await(condition, config.commandTimeout())) {
      throw new ShardstreamException(
          ErrorCode.NO_ANSWER, result.getCommandId(), config.commandTimeout().toSeconds());
    }
  }
}
