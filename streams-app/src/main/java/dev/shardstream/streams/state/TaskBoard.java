package dev.shardstream.streams.state;

import dev.shardstream.streams.record.OpenTask;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The open tasks of a database, by id and by table. */
final class TaskBoard {
  private final SortedMap<String, OpenTask> tasks = new TreeMap<>();
  private final Map<String, SortedMap<String, OpenTask>> byTable = new HashMap<>();

  /**
   * Whether a decision is about tasks; it is applied then.
   *
   * @param changed is given the id of the table that a task is for
   */
  boolean apply(Decision decision, Consumer<String> changed) {
    if (decision instanceof Decision.TaskStored stored) {
      put(stored.task());
      changed.accept(stored.task().getTableId());
    } else if (decision instanceof Decision.TaskGone gone) {
      remove(gone.taskId()).ifPresent(task -> changed.accept(task.getTableId()));
    } else {
      return false;
    }
    return true;
  }

  private void put(OpenTask task) {
    tasks.put(task.getTaskId(), task);
    byTable.computeIfAbsent(task.getTableId(), t -> new TreeMap<>()).put(task.getTaskId(), task);
  }

  private Optional<OpenTask> remove(String taskId) {
    OpenTask task = tasks.remove(taskId);
    if (task != null) {
      SortedMap<String, OpenTask> ofTable = byTable.get(task.getTableId());
      ofTable.remove(taskId);
      if (ofTable.isEmpty()) {
        byTable.remove(task.getTableId());
      }
    }
    return Optional.ofNullable(task);
  }

  Collection<OpenTask> all() {
    return Collections.unmodifiableCollection(tasks.values());
  }

  Optional<OpenTask> byId(String taskId) {
    return Optional.ofNullable(tasks.get(taskId));
  }

  List<OpenTask> ofTable(String tableId) {
    return List.copyOf(byTable.getOrDefault(tableId, Collections.emptySortedMap()).values());
  }
}
