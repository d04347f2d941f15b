package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rules in the log: written into every partition, then passed by shards. What must hold for every
 * writer, whatever version it knows, begins and ends at an offset, so that every replica decides
 * alike.
 */
final class LogRules {
  private LogRules() {}

  /** How far the rules of a command are. */
  sealed interface Outcome {
    /** Something is still under way. */
    record Waiting() implements Outcome {}

    /** The rules stand in the log, and every shard that counts has passed them. */
    record Passed() implements Outcome {}

    /** A rule does not hold in some shard, or its node is lost. */
    record Broken(OpenTask check) implements Outcome {}

    /** The node of a shard that has to look is lost. */
    record NodeLost(String nodeId) implements Outcome {}
  }

  private static final Outcome WAITING = new Outcome.Waiting();
  private static final Outcome PASSED = new Outcome.Passed();

  /** Begins to hold a rule from here on; the active shards look for rows that break it. */
  static Outcome enforce(Turn turn, CommandProgress command, String ruleId) {
    OpenTask written = written(turn, command, ruleId, true);
    if (written == null) {
      return WAITING;
    }
    List<Shard> shards = Tables.owners(topology(turn, command));
    List<OpenTask> checks = checks(turn, written, shards);
    Optional<OpenTask> broken =
        checks.stream().filter(t -> t.getStatus() == TaskStatus.FAILED).findFirst();
    if (broken.isPresent()) {
      return new Outcome.Broken(broken.get());
    }
    if (Tasks.allDone(checks)) {
      return PASSED;
    }
    return checks.stream()
        .filter(t -> t.getStatus() != TaskStatus.DONE)
        .map(OpenTask::getNodeId)
        .filter(node -> turn.cluster().isLost(String.valueOf(node), turn.limits()))
        .findFirst()
        .<Outcome>map(Outcome.NodeLost::new)
        .orElse(WAITING);
  }

  /** What a rule that did not pass is told as. */
  static ShardstreamException refusal(Turn turn, Outcome outcome) {
    if (outcome instanceof Outcome.Broken broken) {
      OpenTask check = broken.check();
      return ShardstreamException.reported(
          String.valueOf(check.getErrorCode()), String.valueOf(check.getErrorMessage()));
    } else if (outcome instanceof Outcome.NodeLost lost) {
      return new ShardstreamException(
          ErrorCode.NODE_LOST, lost.nodeId(), turn.cluster().silentMillis(lost.nodeId()) / 1000);
    }
    throw new IllegalStateException("No refusal: " + outcome);
  }

  /** Ends rules; whether every shard, whatever its status, has passed their ends. */
  static boolean lift(Turn turn, CommandProgress command, List<String> ruleIds) {
    boolean passed = true;
    for (String ruleId : ruleIds) {
      OpenTask written = written(turn, command, ruleId, false);
      passed &=
          written != null
              && Tasks.allDone(checks(turn, written, topology(turn, command).getShards()));
    }
    return passed;
  }

  /** Ends a rule that no shard needs to have passed; whether its end stands in the log. */
  static boolean end(Turn turn, CommandProgress command, String ruleId) {
    return written(turn, command, ruleId, false) != null;
  }

  /** The task that wrote a rule; it is issued when there is none, and null until it is done. */
  private static @Nullable OpenTask written(
      Turn turn, CommandProgress command, String ruleId, boolean enforced) {
    Tasks.openRule(turn, command, ruleId, enforced);
    String tableId = Objects.requireNonNull(command.getTableId());
    return turn.state()
        .task(TaskIds.writeRule(tableId, command.getSequence(), ruleId, enforced))
        .filter(t -> t.getStatus() == TaskStatus.DONE)
        .orElse(null);
  }

  /** One check for each shard that counts now: a cutover may have changed which those are. */
  private static List<OpenTask> checks(Turn turn, OpenTask written, List<Shard> shards) {
    shards.forEach(shard -> Tasks.openCheck(turn, written, shard));
    return shards.stream()
        .map(
            s -> turn.state().task(TaskIds.checkRule(written.getTaskId(), s.getId())).orElseThrow())
        .toList();
  }

  private static Topology topology(Turn turn, CommandProgress command) {
    return turn.state().topology(Objects.requireNonNull(command.getTableId())).orElseThrow();
  }

  /** Forgets all that was asked for a command. */
  static void close(Turn turn, CommandProgress command) {
    String tableId = Objects.requireNonNull(command.getTableId());
    Tasks.close(
        turn,
        turn.state().tasks(tableId).stream()
            .filter(t -> command.getCommandId().equals(t.getCommandId()))
            .toList());
  }

  /** Forgets all that was asked for the commands on a table that goes. */
  static void closeAll(Turn turn, String tableId) {
    Tasks.close(
        turn,
        turn.state().tasks(tableId).stream()
            .filter(
                t ->
                    t.getKind() == TaskKind.REGISTER_SCHEMA
                        || t.getKind() == TaskKind.WRITE_RULE
                        || t.getKind() == TaskKind.CHECK_RULE)
            .toList());
  }
}
