package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Deciding costs what moves, not what there is. */
class DecisionCostTest {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 15;

  /** A cost that grows with what there is stays hundreds of times too high in all of them. */
  private static final int MOST_ROUNDS = 300;

  private static final int EVENTS = 500;

  private int commands;
  private long leastOfFew = Long.MAX_VALUE;
  private long leastOfMany = Long.MAX_VALUE;

  private static DatabaseState withTables(int count) {
    DatabaseState state = new DatabaseState("shop");
    state.apply(new Decision.NamespaceStored(new Namespace("shop", 1L)));
    for (int i = 0; i < count; i++) {
      String id = "shop-idle" + i + "-" + i;
      state.apply(new Decision.TableStored(TestTables.active(id, "idle" + i)));
      Shard shard = new Shard(0, "a", ShardStatus.ACTIVE, List.of(), ShardRole.OWNER, null);
      state.apply(
          new Decision.TopologyStored(new Topology("shop", id, 1, List.of(shard), 1, null)));
    }
    return state;
  }

  private void decide(DatabaseState state, Event event) {
    Moment moment = new Moment(1_000, new Cluster(0, new TreeMap<>()));
    Coordinator.decide(state, event, moment, Limits.defaults());
  }

  /** Processor time for many events of each kind, nanoseconds: others may use the machine too. */
  private long run(DatabaseState state) {
    TaskEvent report =
        new TaskEvent("none", 1, "a", "a-1", "shop", "shop-idle1-1", 0L, new TaskDone(null));
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < EVENTS; i++) {
      String id = "c" + commands++;
      decide(
          state,
          new Event.CommandReceived(
              Commands.of(id, new DropTable("none", true, false, null)), 1_000));
      decide(state, new Event.TaskReported(report));
      decide(state, new Event.Tick());
    }
    return THREADS.getCurrentThreadCpuTime() - start;
  }

  /**
   * What else the machine does only ever adds to a time: a ratio that is too high is tried again.
   */
  private void measure(DatabaseState few, DatabaseState many, double bound) {
    for (int round = 0; round < ROUNDS || ratio() >= bound && round < MOST_ROUNDS; round++) {
      leastOfFew = Math.min(leastOfFew, run(few));
      leastOfMany = Math.min(leastOfMany, run(many));
    }
  }

  private double ratio() {
    return (double) leastOfMany / leastOfFew;
  }

  @Test
  void idle_tables_cost_nothing() {
    DatabaseState few = withTables(10);
    DatabaseState many = withTables(10_000);
    measure(few, many, 2);

    assertThat(ratio())
        .as("time of an event at 10,000 tables (%s ns) to 10", leastOfMany / EVENTS)
        .isLessThan(2);
  }

  @Test
  void commands_that_wait_cost_little_more_when_there_are_many() {
    DatabaseState few = withTables(10);
    DatabaseState many = withTables(10);
    for (int i = 0; i < 20_000; i++) {
      decide(
          many,
          new Event.CommandReceived(
              Commands.of(
                  "waits" + i, new DropTable("idle" + i % 10, true, false, null), "never" + i),
              1_000));
    }
    measure(few, many, 3);

    assertThat(ratio())
        .as("time of an event with 20,000 commands waiting (%s ns) to none", leastOfMany / EVENTS)
        .isLessThan(3);
  }
}
