package dev.shardstream.streams.state;

import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.record.Counters;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.VerifyRound;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that the control plane knows of one database. {@link #apply} is the only place where it
 * changes. Everything is kept sorted, so that a state rebuilt from its decisions behaves the same.
 */
public final class DatabaseState {
  private static final Set<ReshardStatus> ENDED =
      EnumSet.of(
          ReshardStatus.COMPLETE,
          ReshardStatus.FAILED,
          ReshardStatus.CANCELLED,
          ReshardStatus.ROLLED_BACK);

  static {
    // Builders copy what they start from, and Avro copies enums of trusted packages only.
    Events.trust(Table.class);
    Events.trust(OpenTask.class);
  }

  private final String database;
  private final SortedMap<String, Table> tables = new TreeMap<>();
  private final SortedMap<String, Topology> topologies = new TreeMap<>();
  private final SortedMap<String, Reshard> reshards = new TreeMap<>();
  private final Map<String, DdlCommand> commands = new TreeMap<>();
  private final Map<String, DdlResult> results = new TreeMap<>();
  private final Map<String, CommandProgress> progress = new TreeMap<>();
  private final SortedMap<Long, String> unfinished = new TreeMap<>();
  private final SortedMap<String, OpenTask> tasks = new TreeMap<>();
  private final SortedMap<String, VerifyRound> rounds = new TreeMap<>();
  private final SortedMap<String, ShardDigests> digests = new TreeMap<>();
  private Counters counters = new Counters(0L, 0L, 0L);

  public DatabaseState(String database) {
    this.database = database;
  }

  /** The only mutation. */
  public void apply(Decision decision) {
    if (decision instanceof Decision.TableStored stored) {
      tables.put(stored.table().getTableId(), stored.table());
    } else if (decision instanceof Decision.TableGone gone) {
      tables.remove(gone.tableId());
    } else if (decision instanceof Decision.TopologyStored stored) {
      topologies.put(stored.topology().getTableId(), stored.topology());
    } else if (decision instanceof Decision.TopologyGone gone) {
      topologies.remove(gone.tableId());
    } else if (decision instanceof Decision.ReshardStored stored) {
      applyReshard(stored.reshard());
    } else if (decision instanceof Decision.ResultStored stored) {
      results.put(stored.result().getCommandId(), stored.result());
    } else if (decision instanceof Decision.CommandStored stored) {
      commands.put(stored.command().getId(), stored.command());
    } else if (decision instanceof Decision.ProgressStored stored) {
      applyProgress(stored.progress());
    } else if (decision instanceof Decision.CountersStored stored) {
      counters = stored.counters();
    } else {
      applyWork(decision);
    }
  }

  private void applyWork(Decision decision) {
    if (decision instanceof Decision.TaskStored stored) {
      tasks.put(stored.task().getTaskId(), stored.task());
    } else if (decision instanceof Decision.TaskGone gone) {
      tasks.remove(gone.taskId());
    } else if (decision instanceof Decision.RoundStored stored) {
      rounds.put(stored.round().getChangeLogId(), stored.round());
    } else if (decision instanceof Decision.RoundGone gone) {
      rounds.remove(gone.changeLogId());
    } else if (decision instanceof Decision.DigestsStored stored) {
      digests.put(stored.key(), stored.digests());
    } else if (decision instanceof Decision.DigestsGone gone) {
      digests.remove(gone.key());
    }
  }

  private void applyReshard(Reshard reshard) {
    if (ENDED.contains(reshard.getStatus())) {
      reshards.remove(reshard.getChangeLogId());
    } else {
      reshards.put(reshard.getChangeLogId(), reshard);
    }
  }

  private void applyProgress(CommandProgress stored) {
    progress.put(stored.getCommandId(), stored);
    if (stored.getStage() == CommandStage.FINISHED) {
      unfinished.remove(stored.getSequence());
    } else {
      unfinished.put(stored.getSequence(), stored.getCommandId());
    }
  }

  public String database() {
    return database;
  }

  public Counters counters() {
    return counters;
  }

  /** All tables, also those that are being made or dropped. */
  public Collection<Table> tables() {
    return Collections.unmodifiableCollection(tables.values());
  }

  public Optional<Table> table(String tableId) {
    return Optional.ofNullable(tables.get(tableId));
  }

  /** The table that has a name; one that is being dropped has none any more. */
  public Optional<Table> tableNamed(String name) {
    return tables.values().stream()
        .filter(t -> t.getStatus() != TableStatus.DROPPING && Names.same(t.getName(), name))
        .findFirst();
  }

  public Optional<Topology> topology(String tableId) {
    return Optional.ofNullable(topologies.get(tableId));
  }

  public Collection<Topology> topologies() {
    return Collections.unmodifiableCollection(topologies.values());
  }

  /** Reshards that are not at an end. */
  public Collection<Reshard> reshards() {
    return Collections.unmodifiableCollection(reshards.values());
  }

  /** A reshard that is not at an end. */
  public Optional<Reshard> reshard(String changeLogId) {
    return Optional.ofNullable(reshards.get(changeLogId));
  }

  public Optional<DdlCommand> command(String commandId) {
    return Optional.ofNullable(commands.get(commandId));
  }

  /** The last result of a command. */
  public Optional<DdlResult> result(String commandId) {
    return Optional.ofNullable(results.get(commandId));
  }

  /** The progress of a command, null for one that never came. */
  public @Nullable CommandProgress progress(String commandId) {
    return progress.get(commandId);
  }

  /** Commands that are waiting or running, in the order in which they came. */
  public List<DdlCommand> unfinished() {
    return unfinished.values().stream().map(commands::get).toList();
  }

  public Collection<OpenTask> tasks() {
    return Collections.unmodifiableCollection(tasks.values());
  }

  public Optional<OpenTask> task(String taskId) {
    return Optional.ofNullable(tasks.get(taskId));
  }

  /** The open tasks of one kind for a table. */
  public List<OpenTask> tasks(String tableId, TaskKind kind) {
    return tasks.values().stream()
        .filter(t -> t.getTableId().equals(tableId) && t.getKind() == kind)
        .toList();
  }

  /** The running verify of a reshard. */
  public Optional<VerifyRound> round(String changeLogId) {
    return Optional.ofNullable(rounds.get(changeLogId));
  }

  /** Digests received for a fence, by key. */
  public SortedMap<String, ShardDigests> digests(String fenceId) {
    return Collections.unmodifiableSortedMap(digests.subMap(fenceId + "/", fenceId + "0"));
  }

  /** Whether anything is waited for, so that the passing of time can matter. */
  public boolean isInMotion() {
    return !unfinished.isEmpty() || !tasks.isEmpty() || !reshards.isEmpty();
  }
}
