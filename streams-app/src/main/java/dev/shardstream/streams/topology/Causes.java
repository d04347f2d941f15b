package dev.shardstream.streams.topology;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.trace.LogField;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which command each decision of a turn is made for, and what it is about. It is read off what was
 * decided, afterwards: an event that one command waited for can set another one going, so the
 * record at hand does not tell.
 */
final class Causes {
  private final DatabaseState state;
  private final Map<String, OpenTask> tasks = new HashMap<>();
  private final Map<String, Reshard> reshards = new HashMap<>();
  private final List<Decision> decisions;
  private final List<Step> steps = new ArrayList<>();

  /** A command got on with a table. */
  private record Step(int at, @Nullable String tableId, String commandId) {}

  /**
   * @param state after the decisions
   */
  Causes(DatabaseState state, List<Decision> decisions) {
    this.state = state;
    this.decisions = decisions;
    for (int at = 0; at < decisions.size(); at++) {
      note(at, decisions.get(at));
    }
  }

  /** What is at its end may have left the state in the same turn. */
  private void note(int at, Decision decision) {
    if (decision instanceof Decision.TaskStored d) {
      tasks.put(d.task().getTaskId(), d.task());
    } else if (decision instanceof Decision.ReshardStored d) {
      reshards.put(d.reshard().getChangeLogId(), d.reshard());
    } else if (decision instanceof Decision.ProgressStored d) {
      steps.add(new Step(at, d.progress().getTableId(), d.progress().getCommandId()));
    } else if (decision instanceof Decision.VersionRecorded d) {
      steps.add(new Step(at, d.version().getTableId(), d.version().getCommandId()));
    }
  }

  /**
   * The command; empty when the control plane does it of its own accord.
   *
   * @param at place of the decision in its turn
   */
  Optional<String> command(int at) {
    Decision decision = decisions.get(at);
    if (decision instanceof Decision.ResultStored d) {
      return Optional.of(d.result().getCommandId());
    } else if (decision instanceof Decision.ResultRepeated d) {
      return Optional.of(d.result().getCommandId());
    } else if (decision instanceof Decision.VersionRecorded d) {
      return Optional.of(d.version().getCommandId());
    } else if (decision instanceof Decision.ReshardStored d) {
      return commandOf(d.reshard());
    } else if (decision instanceof Decision.TableStored d) {
      return ofTable(at, d.table().getTableId());
    } else if (decision instanceof Decision.TableGone d) {
      return ofTable(at, d.tableId());
    } else if (decision instanceof Decision.TopologyStored d) {
      return ofReshard(d.topology().getChangeLogId())
          .or(() -> ofTable(at, d.topology().getTableId()));
    } else if (decision instanceof Decision.TopologyGone d) {
      return ofTable(at, d.tableId());
    } else if (decision instanceof Decision.NodeDrained d) {
      return Optional.of(d.node().getCommandId());
    } else if (decision instanceof Decision.ShardTaskIssued d) {
      return ofTask(at, d.task().getTaskId());
    } else if (decision instanceof Decision.ProvisionTaskIssued d) {
      return ofTask(at, d.task().getTaskId());
    }
    return Optional.empty();
  }

  private Optional<String> ofTask(int at, String taskId) {
    OpenTask task = task(taskId);
    if (task == null) {
      return Optional.empty();
    } else if (task.getCommandId() != null) {
      return Optional.of(task.getCommandId());
    } else if (task.getChangeLogId() != null) {
      return ofReshard(task.getChangeLogId());
    }
    return ofTable(at, task.getTableId());
  }

  private @Nullable OpenTask task(String taskId) {
    OpenTask noted = tasks.get(taskId);
    return noted == null ? state.task(taskId).orElse(null) : noted;
  }

  private Optional<String> ofReshard(@Nullable String changeLogId) {
    if (changeLogId == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(reshards.get(changeLogId))
        .or(() -> state.anyReshard(changeLogId))
        .flatMap(Causes::commandOf);
  }

  /** The control plane makes replicas of its own accord. */
  private static Optional<String> commandOf(Reshard reshard) {
    return Optional.of(reshard.getCommandId()).filter(id -> !id.isEmpty());
  }

  /**
   * A command says what it does to a table before it says that it has got on: the first that does
   * so from here on, or else the last before, or else the one that began last of those that run.
   */
  private Optional<String> ofTable(int at, String tableId) {
    String before = null;
    for (Step step : steps) {
      if (tableId.equals(step.tableId())) {
        if (step.at() >= at) {
          return Optional.of(step.commandId());
        }
        before = step.commandId();
      }
    }
    List<DdlCommand> running = state.runningOn(tableId);
    if (before == null && !running.isEmpty()) {
      return Optional.of(running.get(running.size() - 1).getId());
    }
    return Optional.ofNullable(before);
  }

  /**
   * A scope with what a decision is about.
   *
   * @param at its place in its turn
   */
  TraceScope about(int at) {
    Decision decision = decisions.get(at);
    TraceScope scope = TraceScope.none().with(LogField.COMMAND, command(at).orElse(null));
    if (decision instanceof Decision.ResultStored d) {
      DdlResult result = d.result();
      return scope
          .with(LogField.TABLE, result.getTableId())
          .with(LogField.RESHARD, result.getChangeLogId());
    } else if (decision instanceof Decision.ReshardStored d) {
      return scope
          .with(LogField.TABLE, d.reshard().getTableId())
          .with(LogField.RESHARD, d.reshard().getChangeLogId());
    } else if (decision instanceof Decision.TopologyStored d) {
      return scope
          .with(LogField.TABLE, d.topology().getTableId())
          .with(LogField.RESHARD, d.topology().getChangeLogId());
    } else if (decision instanceof Decision.TableStored d) {
      return scope.with(LogField.TABLE, d.table().getTableId());
    } else if (decision instanceof Decision.ShardTaskIssued d) {
      return about(scope, d.task().getTaskId());
    } else if (decision instanceof Decision.ProvisionTaskIssued d) {
      return about(scope, d.task().getTaskId());
    }
    return scope;
  }

  private TraceScope about(TraceScope scope, String taskId) {
    OpenTask task = task(taskId);
    if (task == null) {
      return scope;
    }
    String shard =
        task.getShardId() == null ? null : Tables.shardName(task.getTableId(), task.getShardId());
    return scope
        .with(LogField.TABLE, task.getTableId())
        .with(LogField.RESHARD, task.getChangeLogId())
        .with(LogField.SHARD, shard);
  }
}
