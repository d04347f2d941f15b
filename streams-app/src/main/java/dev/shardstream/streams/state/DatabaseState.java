package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.order.CommandOrder;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.Counters;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.ShardVersion;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.record.WatchedQuery;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that the control plane knows of one database. {@link #apply} is the only place where it
 * changes. Everything is kept sorted, so that a state rebuilt from its decisions behaves the same.
 */
public final class DatabaseState {
  static {
    // Builders copy what they start from, and Avro copies enums of trusted packages only.
    Events.trust(Table.class);
    Events.trust(OpenTask.class);
  }

  private final String database;
  private final TableDirectory tables = new TableDirectory();
  private final Topologies topologies = new Topologies();
  private final ReshardBook reshards = new ReshardBook();
  private final CommandLedger commands = new CommandLedger();
  private final TaskBoard tasks = new TaskBoard();
  private final ShardVersionBook shardVersions = new ShardVersionBook();
  private final Verifies verifies = new Verifies();
  private final Samples samples = new Samples();
  private final NavigableSet<String> changedTables = new TreeSet<>();
  private final LiveQueries queries = new LiveQueries();
  private final Movements movements = new Movements();
  private @Nullable Namespace namespace;
  private Counters counters = new Counters(0L, 0L, 0L);

  public DatabaseState(String database) {
    this.database = database;
  }

  /** The only mutation. */
  public void apply(Decision decision) {
    boolean isApplied =
        applyToTables(decision)
            || applyToReshards(decision)
            || commands.apply(decision, changedTables::add)
            || tasks.apply(decision, changedTables::add)
            || shardVersions.apply(decision, changedTables::add)
            || samples.apply(decision)
            || movements.apply(decision)
            || queries.apply(decision);
    if (!isApplied) {
      applyToDatabase(decision);
    }
  }

  private boolean applyToTables(Decision decision) {
    if (decision instanceof Decision.TableStored stored) {
      tables.put(stored.table());
      changed(stored.table());
    } else if (decision instanceof Decision.TableGone gone) {
      tables.byId(gone.tableId()).ifPresent(this::changed);
      tables.remove(gone.tableId());
    } else if (decision instanceof Decision.TopologyStored stored) {
      topologies.put(stored.topology());
      changedTables.add(stored.topology().getTableId());
    } else if (decision instanceof Decision.TopologyGone gone) {
      topologies.remove(gone.tableId());
      changedTables.add(gone.tableId());
    } else {
      return false;
    }
    return true;
  }

  /** What is waiting for an edge table may be its node tables. */
  private void changed(Table table) {
    changedTables.add(table.getTableId());
    changedTables.addAll(TableDirectory.endpoints(table));
  }

  private boolean applyToReshards(Decision decision) {
    if (decision instanceof Decision.ReshardStored stored) {
      reshards.put(stored.reshard());
      changed(stored.reshard());
    } else if (decision instanceof Decision.ReshardForgotten forgotten) {
      reshards.forget(forgotten.changeLogId());
    } else {
      Optional<String> verified = verifies.apply(decision);
      verified.flatMap(this::reshard).ifPresent(this::changed);
      return verified.isPresent();
    }
    return true;
  }

  private void applyToDatabase(Decision decision) {
    if (decision instanceof Decision.CountersStored stored) {
      counters = stored.counters();
    } else if (decision instanceof Decision.NamespaceStored stored) {
      namespace = stored.namespace();
    } else if (decision instanceof Decision.NamespaceGone) {
      namespace = null;
    } else {
      verifies.absorb(decision);
    }
  }

  private void changed(Reshard reshard) {
    changedTables.add(reshard.getTableId());
  }

  public String database() {
    return database;
  }

  public Counters counters() {
    return counters;
  }

  /** The database as a namespace; empty when nobody has made it. */
  public Optional<Namespace> namespace() {
    return Optional.ofNullable(namespace);
  }

  /** The live queries that run on a table, by id. */
  public List<WatchedQuery> liveQueries(String tableId) {
    return queries.of(tableId);
  }

  /** A live query that is heard of or was killed. */
  public Optional<WatchedQuery> watchedQuery(String id) {
    return queries.byId(id);
  }

  /** The live queries that are heard of or were killed, by id. */
  public Collection<WatchedQuery> watchedQueries() {
    return queries.all();
  }

  /** Drained nodes, drains and rebalances. */
  public Movements movements() {
    return movements;
  }

  /** All tables, also those that are being made or dropped. */
  public Collection<Table> tables() {
    return tables.all();
  }

  public Optional<Table> table(String tableId) {
    return tables.byId(tableId);
  }

  /** The table that has a name; one that is being dropped has none any more. */
  public Optional<Table> tableNamed(String name) {
    return tables.byName(name);
  }

  /** The table with the index that has a name; one that is being dropped has none any more. */
  public Optional<Table> tableOfIndex(String index) {
    return tables.byIndexName(index);
  }

  /** Edge tables that begin or end at a node table, also those that are being made or dropped. */
  public List<Table> edgeTables(String nodeTableId) {
    return tables.edgesOf(nodeTableId);
  }

  public Optional<Topology> topology(String tableId) {
    return topologies.byTable(tableId);
  }

  public Collection<Topology> topologies() {
    return topologies.all();
  }

  /** Ids of the tables that have replicas, or shall have some, or that are about to lose theirs. */
  public NavigableSet<String> replicatedTables() {
    NavigableSet<String> replicated = new TreeSet<>(topologies.replicated());
    replicated.addAll(tables.replicated());
    return replicated;
  }

  /** The nodes on which any shard is read. */
  public Set<String> nodesWithActiveShards() {
    return topologies.active().nodes();
  }

  /** Ids of the tables of which a node has a shard that is read. */
  public NavigableSet<String> activeTables(String nodeId) {
    return topologies.active().tables(nodeId);
  }

  /**
   * Ids of the tables of which a node has a shard that is read, by the topology, and its heartbeat
   * does not say that it holds it.
   */
  public NavigableSet<String> missingTables(String nodeId, ShardReports reports) {
    return topologies.active().missing(nodeId, reports);
  }

  /** Reshards that are not at an end. */
  public Collection<Reshard> reshards() {
    return reshards.running();
  }

  /** A reshard that is not at an end. */
  public Optional<Reshard> reshard(String changeLogId) {
    return reshards.running(changeLogId);
  }

  /** A reshard that runs, or is at an end and remembered. */
  public Optional<Reshard> anyReshard(String changeLogId) {
    return reshards.find(changeLogId);
  }

  /**
   * The reshards of a table that are at an end and remembered, the one that ended first in front.
   */
  public List<Reshard> endedReshards(String tableId) {
    return reshards.ended(tableId);
  }

  public Optional<DdlCommand> command(String commandId) {
    return Optional.ofNullable(commands.command(commandId));
  }

  /** The last result of a command. */
  public Optional<DdlResult> result(String commandId) {
    return Optional.ofNullable(commands.result(commandId));
  }

  /** The progress of a command, null for one that never came. */
  public @Nullable CommandProgress progress(String commandId) {
    return commands.progress(commandId);
  }

  /** Commands that are waiting or running, in the order in which they came. */
  public List<DdlCommand> unfinished() {
    return commands.unfinished();
  }

  /** The progress of the command that came first of those that are waiting or running. */
  public Optional<CommandProgress> oldestUnfinished() {
    return commands.oldestUnfinished();
  }

  /** How many commands are waiting or running. */
  public int unfinishedCount() {
    return commands.unfinishedCount();
  }

  /** Commands that have begun on a table and are not at their end, in the order of the log. */
  public List<DdlCommand> runningOn(String tableId) {
    return commands.runningOn(tableId);
  }

  /** Who waits for whom. */
  public CommandOrder order() {
    return commands.order();
  }

  public Collection<OpenTask> tasks() {
    return tasks.all();
  }

  public Optional<OpenTask> task(String taskId) {
    return tasks.byId(taskId);
  }

  /** The open tasks for a table, by id. */
  public List<OpenTask> tasks(String tableId) {
    return tasks.ofTable(tableId);
  }

  /** The open tasks of one kind for a table, by id. */
  public List<OpenTask> tasks(String tableId, TaskKind kind) {
    return tasks(tableId).stream().filter(t -> t.getKind() == kind).toList();
  }

  /** What a shard has last told of its table. */
  public Optional<ShardVersion> shardVersion(String tableId, int shardId) {
    return shardVersions.find(tableId, shardId);
  }

  /** The running verify of a reshard. */
  public Optional<VerifyRound> round(String changeLogId) {
    return verifies.round(changeLogId);
  }

  /** Digests received for a fence, by key. */
  public SortedMap<String, ShardDigests> digests(String fenceId) {
    return verifies.digests(fenceId);
  }

  /** The shard keys that the sources of a reshard have named, by source. */
  public SortedMap<Integer, KeySample> samples(String changeLogId) {
    return samples.of(changeLogId);
  }

  /** Whether anything is waited for, so that the passing of time can matter. */
  public boolean isInMotion() {
    return commands.unfinishedCount() > 0
        || !tasks.all().isEmpty()
        || !reshards.running().isEmpty()
        || !queries.all().isEmpty();
  }

  /** A table about which something is known that nobody has looked at; it is named once. */
  public Optional<String> nextChangedTable() {
    return Optional.ofNullable(changedTables.pollFirst());
  }

  /** Somebody reported about a table. */
  public void markChanged(String tableId) {
    changedTables.add(tableId);
  }

  /** Time has passed, and the nodes may look different: for all in motion that is a change. */
  public void markAllInMotion() {
    changedTables.addAll(tables.inMotion());
    changedTables.addAll(commands.tablesWithRunning());
    reshards.running().forEach(this::changed);
    tasks.all().forEach(t -> changedTables.add(t.getTableId()));
  }
}
