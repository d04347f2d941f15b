package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.streams.order.CommandOrder;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every command that ever came, with its progress and its last result. */
final class CommandLedger {
  private final Map<String, DdlCommand> commands = new HashMap<>();
  private final Map<String, DdlResult> results = new HashMap<>();
  private final Map<String, CommandProgress> progress = new HashMap<>();
  private final SortedMap<Long, String> unfinished = new TreeMap<>();
  private final SortedMap<String, NavigableSet<Long>> runningByTable = new TreeMap<>();
  private final CommandOrder order = new CommandOrder(progress::containsKey);

  /**
   * Whether a decision is about commands; it is applied then.
   *
   * @param changed is given the id of the table that a command is about
   */
  boolean apply(Decision decision, Consumer<String> changed) {
    if (decision instanceof Decision.ResultStored stored) {
      put(stored.result());
    } else if (decision instanceof Decision.CommandStored stored) {
      put(stored.command());
    } else if (decision instanceof Decision.ProgressStored stored) {
      put(stored.progress());
      if (stored.progress().getTableId() != null) {
        changed.accept(stored.progress().getTableId());
      }
    } else {
      return false;
    }
    return true;
  }

  private void put(DdlCommand command) {
    commands.put(command.getId(), command);
    arrange(command.getId());
  }

  private void put(DdlResult result) {
    results.put(result.getCommandId(), result);
    arrange(result.getCommandId());
  }

  private void put(CommandProgress stored) {
    CommandProgress before = progress.put(stored.getCommandId(), stored);
    if (before != null) {
      stopRunning(before);
    }
    if (stored.getStage() == CommandStage.FINISHED) {
      unfinished.remove(stored.getSequence());
    } else {
      unfinished.put(stored.getSequence(), stored.getCommandId());
    }
    if (isRunningOnTable(stored)) {
      runningByTable
          .computeIfAbsent(stored.getTableId(), t -> new TreeSet<>())
          .add(stored.getSequence());
    }
    arrange(stored.getCommandId());
  }

  private void stopRunning(CommandProgress before) {
    NavigableSet<Long> running =
        isRunningOnTable(before) ? runningByTable.get(before.getTableId()) : null;
    if (running != null) {
      running.remove(before.getSequence());
      if (running.isEmpty()) {
        runningByTable.remove(before.getTableId());
      }
    }
  }

  private static boolean isRunningOnTable(CommandProgress progress) {
    return progress.getStage() == CommandStage.RUNNING && progress.getTableId() != null;
  }

  private void arrange(String id) {
    DdlCommand command = commands.get(id);
    CommandProgress where = progress.get(id);
    if (command != null && where != null) {
      DdlResult last = results.get(id);
      order.put(command, where, last != null && last.getStatus() == DdlStatus.ACCEPTED);
    }
  }

  @Nullable DdlCommand command(String id) {
    return commands.get(id);
  }

  @Nullable DdlResult result(String id) {
    return results.get(id);
  }

  @Nullable CommandProgress progress(String id) {
    return progress.get(id);
  }

  /** Commands that are waiting or running, in the order in which they came. */
  List<DdlCommand> unfinished() {
    return unfinished.values().stream().map(commands::get).toList();
  }

  Optional<CommandProgress> oldestUnfinished() {
    return unfinished.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(progress.get(unfinished.get(unfinished.firstKey())));
  }

  int unfinishedCount() {
    return unfinished.size();
  }

  /** Commands that have begun on a table and are not at their end, in the order of the log. */
  List<DdlCommand> runningOn(String tableId) {
    return runningByTable.getOrDefault(tableId, Collections.emptyNavigableSet()).stream()
        .map(unfinished::get)
        .map(commands::get)
        .toList();
  }

  /** Ids of the tables on which some command runs. */
  List<String> tablesWithRunning() {
    return List.copyOf(runningByTable.keySet());
  }

  CommandOrder order() {
    return order;
  }
}
