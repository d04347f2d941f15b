package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;

import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Writes a log until it is told to stop: changes of which many are refused, rules, and rubbish. */
final class StormWriter {
  private final FakeLog log;
  private final List<Long> ids;
  private final AtomicBoolean writing = new AtomicBoolean(true);
  private CompletableFuture<Void> work = CompletableFuture.completedFuture(null);

  /** By place in the log, the id of the row that a record is about. */
  private final Map<String, Long> written = new ConcurrentHashMap<>();

  StormWriter(FakeLog log, List<Long> ids) {
    this.log = log;
    this.ids = ids;
  }

  void start(Random random) {
    work = CompletableFuture.runAsync(() -> write(random));
  }

  /** Returns when nothing more is written; safe to repeat. */
  void stop() throws Exception {
    writing.set(false);
    work.get(1, TimeUnit.MINUTES);
  }

  /**
   * The row that a record is about, where there is one.
   *
   * @param place partition and offset, with a bar between them
   */
  Optional<Long> written(String place) {
    return Optional.ofNullable(written.get(place));
  }

  private void write(Random random) {
    for (int n = 0; writing.get(); n++) {
      long id = ids.get(random.nextInt(ids.size()));
      switch (random.nextInt(40)) {
        case 0 -> log.append(Orders.partition(id), null, null);
        case 1 -> {
          byte[] otherKey = CanonicalKey.of(List.of(id + 1));
          byte[] value = log.encode(change(Op.UPSERT, 1, id, 2, "key"));
          note(id, log.append(Orders.partition(id), otherKey, value));
        }
        case 2 -> log.rule(rule(random.nextBoolean()));
        case 3, 4, 5, 6, 7, 8 -> note(id, log.append(change(Op.DELETE, 1, id)));
        case 9, 10, 11, 12, 13, 14, 15 ->
            note(id, log.append(change(Op.UPDATE, 1, id, 2, "u" + n)));
        case 16, 17, 18, 19, 20, 21, 22 ->
            note(id, log.append(change(Op.INSERT, 1, id, 2, "i" + n)));
        default -> note(id, log.append(change(Op.UPSERT, 1, id, 2, "w" + n, 4, "n")));
      }
      LockSupport.parkNanos(300_000);
    }
  }

  private static Rule rule(boolean enforced) {
    return new Rule(
        "n4", Orders.TABLE.getTableId(), RuleKind.NOT_NULL, List.of(4), "note", true, enforced);
  }

  private void note(long id, long offset) {
    written.put(Orders.partition(id) + "|" + offset, id);
  }
}
