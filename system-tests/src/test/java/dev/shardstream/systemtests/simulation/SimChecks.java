package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.worker.shard.ShardRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The checks of rules that go on in a process: a shard passes a rule, then looks for NULL. */
final class SimChecks {
  private final SimWorker worker;
  private final Map<String, Going> going = new TreeMap<>();

  private record Going(ShardTask task, CheckRule check) {}

  SimChecks(SimWorker worker) {
    this.worker = worker;
  }

  boolean isIdle() {
    return going.isEmpty();
  }

  void take(ShardTask task, CheckRule check) {
    ShardRef ref = new ShardRef(task.getTableId(), check.getShardId());
    if (worker.shard(ref).isEmpty()) {
      worker.stale(task, ref);
      return;
    }
    worker.report(task, new TaskStarted());
    going.put(task.getTaskId(), new Going(task, check));
  }

  void work() {
    for (Map.Entry<String, Going> each : List.copyOf(going.entrySet())) {
      Going check = each.getValue();
      ShardRef ref = new ShardRef(check.task().getTableId(), check.check().getShardId());
      Optional<HostedShard> shard = worker.shard(ref);
      if (shard.isEmpty()) {
        going.remove(each.getKey());
      } else if (passed(shard.get().content(), check.check())) {
        going.remove(each.getKey());
        worker.report(check.task(), answer(shard.get().content(), check.check()));
      }
    }
  }

  private static boolean passed(ShardContent content, CheckRule check) {
    if (content.isCopying()
        || check.getRule().getEnforced()
            && check.getRule().getColumns().get(0) >= content.table().getNextColumnId()) {
      return false;
    }
    for (int partition = 0; partition < check.getOffsets().size(); partition++) {
      long offset = check.getOffsets().get(partition);
      if (content.positions().least(partition).orElse(Long.MAX_VALUE) <= offset) {
        return false;
      }
    }
    return true;
  }

  private static Object answer(ShardContent content, CheckRule check) {
    int column = -1;
    for (int i = 0; i < content.table().getColumns().size(); i++) {
      if (content.table().getColumns().get(i).getId() == check.getRule().getColumns().get(0)) {
        column = i;
      }
    }
    int at = column;
    boolean broken =
        check.getRule().getEnforced()
            && at >= 0
            && content.rows().values().stream()
                .flatMap(rows -> rows.values().stream())
                .anyMatch(row -> row.values().get(at) == null);
    return broken ? new TaskFailed("NULLS_PRESENT", "NULL is there", false) : new TaskDone(null);
  }
}
