package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlHistory;
import dev.shardstream.producer.ddl.TableRules;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tables without SQL. Names without a namespace are in the configured one; {@code ns.name} says
 * another. Safe for use by several threads.
 *
 * <pre>{@code
 * TableOperations tables = shardstream.tables();
 * tables.listTables().forEach(table -> System.out.println(table.name() + " " + table.shards()));
 * tables.rename("orders", "purchases");
 * tables.createIndex("purchases", "by_day", false, List.of("day"));
 * tables.moveShard("purchases", 3, "node-2");
 * }</pre>
 */
public final class TableOperations {
  private final ClientConfig config;
  private final Metadata metadata;
  private final Definitions definitions;
  private final DdlHistory history;

  TableOperations(
      ClientConfig config, Metadata metadata, Definitions definitions, DdlHistory history) {
    this.config = config;
    this.metadata = metadata;
    this.definitions = definitions;
    this.history = history;
  }

  /** The tables of the configured namespace, by name. */
  public List<TableInfo> listTables() {
    return listTables(config.database());
  }

  /**
   * The tables of a namespace, by name.
   *
   * @throws ShardstreamException NAMESPACE_NOT_FOUND
   */
  public List<TableInfo> listTables(String namespace) {
    MetadataSnapshot snapshot = metadata.snapshot();
    snapshot.requireNamespace(namespace);
    return snapshot.tables(namespace).stream()
        .map(table -> TableFacts.info(snapshot, table))
        .toList();
  }

  /** All namespaces, by name. */
  public List<NamespaceInfo> listNamespaces() {
    return TableFacts.namespaces(metadata.snapshot());
  }

  /** The live queries of all namespaces that have lately given a sign of life, oldest first. */
  public List<LiveQueryInfo> liveQueries() {
    return TableFacts.liveQueries(
        metadata.snapshot(), System.currentTimeMillis(), config.liveQueryTimeout());
  }

  /**
   * A table in full.
   *
   * @throws ShardstreamException NAMESPACE_NOT_FOUND, TABLE_NOT_FOUND
   */
  public TableDescription describe(String name) {
    MetadataSnapshot snapshot = metadata.snapshot();
    return TableFacts.description(snapshot, require(snapshot, name), config.topics());
  }

  /**
   * The versions of a table, from the first.
   *
   * @throws ShardstreamException NAMESPACE_NOT_FOUND, TABLE_NOT_FOUND, KAFKA_UNREACHABLE
   */
  public List<TableVersion> history(String name) {
    String tableId = require(metadata.snapshot(), name).getTableId();
    return history.versions(tableId).stream().map(TableFacts::version).toList();
  }

  /**
   * Figures of a table's shards, by shard id.
   *
   * @throws ShardstreamException NAMESPACE_NOT_FOUND, TABLE_NOT_FOUND
   */
  public List<ShardStats> getStats(String name) {
    MetadataSnapshot snapshot = metadata.snapshot();
    return TableFacts.stats(snapshot, require(snapshot, name));
  }

  /**
   * The indexes of a table, in the order in which they were created.
   *
   * @throws ShardstreamException NAMESPACE_NOT_FOUND, TABLE_NOT_FOUND
   */
  public List<IndexInfo> listIndexes(String table) {
    return TableFacts.indexes(require(metadata.snapshot(), table));
  }

  /**
   * Creates a table from its whole definition and waits until it can be written and read.
   *
   * @param namespace null for the configured one
   * @throws ShardstreamException TABLE_EXISTS, NAMESPACE_NOT_FOUND, NODE_TABLE_NOT_FOUND, and what
   *     else is wrong with the definition
   */
  public void create(@Nullable String namespace, CreateTable definition) {
    definitions.publish(namespace, definition);
  }

  /**
   * The definition of a table as the catalog has it.
   *
   * @return empty when there is none of that name
   */
  public Optional<Table> find(String name) {
    QualifiedName table = QualifiedName.parse(name);
    return metadata.snapshot().table(databaseOf(table), table.name());
  }

  /**
   * Drops a table with its rows and its log. When this returns, the name is free; files and topics
   * go away behind it.
   *
   * @param ifExists whether a table that is not there is no error
   * @throws ShardstreamException TABLE_NOT_FOUND, DROP_DURING_RESHARD, NODE_TABLE_IN_USE
   */
  public void drop(String name, boolean ifExists) {
    QualifiedName table = QualifiedName.parse(name);
    definitions.publish(table.database(), new DropTable(table.name(), ifExists, false, null));
  }

  /**
   * Renames a table. Readers, writers and a running reshard go on; no topic and no file changes its
   * name.
   *
   * @param newName without a namespace
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_EXISTS, STREAM_TABLE_IMMUTABLE
   */
  public void rename(String name, String newName) {
    alter(name, new RenameTable(newName));
  }

  /**
   * Sets how many rows of a table are read and sent at once.
   *
   * @param rows 1 to 10000
   * @throws ShardstreamException TABLE_NOT_FOUND, INVALID_BLOCK_SIZE, STREAM_TABLE_IMMUTABLE
   */
  public void setBlockSize(String name, int rows) {
    alter(name, new SetBlockSize(TableRules.checkBlockSize(rows)));
  }

  /**
   * Sets on how many nodes each row of a table is. Waits until they are there, no longer than the
   * command timeout; what is missing then is made behind it.
   *
   * @param replicas nodes, 1 to 8
   * @throws ShardstreamException TABLE_NOT_FOUND, INVALID_REPLICAS, TOO_FEW_NODES
   */
  public void setReplicas(String name, int replicas) {
    alter(name, new SetReplicas(TableRules.checkReplicas(replicas)));
  }

  private void alter(String name, Object change) {
    QualifiedName table = QualifiedName.parse(name);
    definitions.publish(table.database(), new AlterTable(table.name(), false, change));
  }

  /**
   * Creates an index and waits until all shards have it.
   *
   * @param table its table; says the namespace
   * @param index its name, without a namespace
   * @param columns names, at least one
   * @throws ShardstreamException INDEX_EXISTS, COLUMN_NOT_FOUND, UNIQUE_WITHOUT_SHARD_KEY,
   *     DUPLICATES_PRESENT
   */
  public void createIndex(String table, String index, boolean unique, List<String> columns) {
    QualifiedName name = QualifiedName.parse(table);
    definitions.publish(
        name.database(), new CreateIndex(name.name(), index, unique, columns, false, null));
  }

  /**
   * Drops an index.
   *
   * @param ifExists whether an index that is not there is no error
   * @throws ShardstreamException INDEX_NOT_FOUND
   */
  public void dropIndex(String name, boolean ifExists) {
    QualifiedName index = QualifiedName.parse(name);
    definitions.publish(index.database(), new DropIndex(index.name(), ifExists));
  }

  /**
   * Makes a shard anew on another node and drops it where it is; the table is read and written all
   * the time. Returns as soon as that has begun.
   *
   * @param shard an active one
   * @param node where it is to be
   * @throws ShardstreamException TABLE_NOT_FOUND, SHARD_NOT_FOUND, NODE_NOT_FOUND,
   *     NODE_NOT_PLACEABLE, INSUFFICIENT_DISK, RESHARD_IN_PROGRESS
   */
  public CommandReceipt moveShard(String name, int shard, String node) {
    QualifiedName table = QualifiedName.parse(name);
    return CommandReceipt.of(
        definitions.publish(table.database(), new MoveShard(table.name(), shard, node, null)));
  }

  /**
   * Spreads the shards of all tables of the configured namespace evenly over the nodes. Returns as
   * soon as that has begun; the message of the receipt is its plan.
   *
   * @throws ShardstreamException NO_LIVE_NODE
   */
  public CommandReceipt rebalance() {
    return CommandReceipt.of(definitions.publish(null, new Rebalance(null, false)));
  }

  /**
   * Spreads the shards of one table evenly over the nodes, in the same way.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, NO_LIVE_NODE
   */
  public CommandReceipt rebalance(String name) {
    QualifiedName table = QualifiedName.parse(name);
    return CommandReceipt.of(
        definitions.publish(table.database(), new Rebalance(table.name(), false)));
  }

  /**
   * The moves by which a rebalance would spread shards evenly now, in words; nothing is moved.
   *
   * @param name the table; null for all of the configured namespace
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY
   */
  public String planRebalance(@Nullable String name) {
    QualifiedName table = name == null ? null : QualifiedName.parse(name);
    DdlResult told =
        definitions.publish(
            table == null ? null : table.database(),
            new Rebalance(table == null ? null : table.name(), true));
    return Objects.requireNonNull(told.getMessage(), "the plan");
  }

  /**
   * Compares the replicas of a table with their owners; the table is read and written all the time.
   * Returns as soon as that has begun: the receipt's reshard tells how it ends, {@code complete} or
   * {@code failed} with VERIFY_MISMATCH.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, NO_REPLICAS, RESHARD_IN_PROGRESS
   */
  public CommandReceipt verify(String name) {
    return verify(name, false);
  }

  /**
   * Rebuilds every shard of a table from its log, beside it, and compares the two; the table is
   * read and written all the time. Returns as soon as that has begun: the receipt's reshard tells
   * how it ends, {@code complete} or {@code failed} with VERIFY_MISMATCH.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, INSUFFICIENT_DISK, RESHARD_IN_PROGRESS
   */
  public CommandReceipt verifyAgainstLog(String name) {
    return verify(name, true);
  }

  private CommandReceipt verify(String name, boolean againstLog) {
    QualifiedName table = QualifiedName.parse(name);
    return CommandReceipt.of(
        definitions.publish(table.database(), new VerifyTable(table.name(), null, againstLog)));
  }

  private Table require(MetadataSnapshot snapshot, String name) {
    QualifiedName table = QualifiedName.parse(name);
    return snapshot.requireTable(databaseOf(table), table.name());
  }

  private String databaseOf(QualifiedName table) {
    String database = table.database();
    return database == null ? config.database() : database;
  }
}
