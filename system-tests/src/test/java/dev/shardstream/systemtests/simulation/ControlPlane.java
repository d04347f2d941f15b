package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.streams.coordinator.Coordinator;
import dev.shardstream.streams.coordinator.Event;
import dev.shardstream.streams.placement.NodeWatch;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The process that decides. An event and what was decided on it are committed together; after a
 * crash the state is what its store holds, and an event that was not committed comes again.
 */
final class ControlPlane {
  static final String DATABASE = "default";

  private static final Limits LIMITS = limits();
  private static final long REBUILD = 45_000;
  private static final long REBUILD_FROM_LOG = 60_000;
  private static final int DIES_BEFORE_THE_COMMIT = 1_500;

  private final World world;
  private final StateStore store;
  private final Deque<Given> waiting = new ArrayDeque<>();
  private final List<Given> given = new ArrayList<>();
  private final Map<String, DdlResult> results = new LinkedHashMap<>();
  private DatabaseState state = new DatabaseState(DATABASE);
  private NodeWatch watch;
  private Cluster cluster;
  private long downUntil;

  /** A command with the time of its record. */
  record Given(DdlCommand command, long at) {}

  ControlPlane(World world) {
    this.world = world;
    this.store = new StateStore(DATABASE, world.registry());
    this.watch = new NodeWatch(world.now(), LIMITS);
    this.cluster = watch.observe(List.of(), world.now());
  }

  /** As configured by default, but that a node's replicas are given up within a run. */
  private static Limits limits() {
    Limits limits = Limits.defaults();
    return new Limits(
        limits.nodeTimeout(),
        limits.taskTimeout(),
        limits.taskAttempts(),
        limits.lagBound(),
        limits.verifyTimeout(),
        limits.verifyAttempts(),
        limits.grace(),
        limits.dependencyTimeout(),
        limits.copyRowsPerSecond(),
        limits.liveQueryTimeout(),
        limits.progressInterval(),
        limits.backoffLag(),
        limits.estimateRowsPerSecond(),
        limits.tablesAtOnce(),
        REBUILD,
        REBUILD_FROM_LOG);
  }

  DatabaseState state() {
    return state;
  }

  /** Last result of each command, in the order of the first. */
  Map<String, DdlResult> results() {
    return results;
  }

  /** Every command that was given, in order. */
  List<Given> given() {
    return given;
  }

  boolean isAtRest() {
    return waiting.isEmpty() && !state.isInMotion();
  }

  void give(DdlCommand command) {
    world.note("command " + command.getId() + " " + text(command.getOperation()));
    Given one = new Given(command, world.now());
    waiting.add(one);
    given.add(one);
  }

  private static String text(Object operation) {
    return Operations.name(operation) + " " + operation;
  }

  /** It dies, and is there again after a while. */
  void crash(long millis) {
    world.note("control plane down for " + millis);
    downUntil = world.now() + millis;
    state = store.read();
    watch = new NodeWatch(world.now(), LIMITS);
    cluster = watch.observe(List.of(), world.now());
  }

  void work(List<Node> heartbeats) {
    if (world.now() < downUntil) {
      return;
    }
    cluster = watch.observe(heartbeats, world.now());
    while (!waiting.isEmpty()) {
      Given next = waiting.getFirst();
      if (!decide(new Event.CommandReceived(next.command(), next.at()))) {
        return;
      }
      waiting.poll();
    }
    int size = world.events().size();
    for (int i = world.isWild() ? world.dice().below(4 + size) : size; i > 0; i--) {
      TaskEvent event = world.events().next().orElse(null);
      if (event == null) {
        break;
      }
      if (!decide(new Event.TaskReported(mutated(event)))) {
        return;
      }
      if (!(world.isWild() && world.dice().oneIn(12))) {
        world.events().taken(event);
      }
    }
    if (world.isWild() && world.dice().oneIn(4)) {
      Optional<TaskEvent> late = world.events().again();
      if (late.isPresent() && !decide(new Event.TaskReported(mutated(late.get())))) {
        return;
      }
    }
    if (Coordinator.needsTime(state, cluster, LIMITS)) {
      decide(new Event.Tick());
    }
  }

  private TaskEvent mutated(TaskEvent event) {
    return event.getEvent() instanceof ShardDigests digests && isFalsified(event, digests)
        ? withoutRows(event, digests)
        : event;
  }

  private boolean isFalsified(TaskEvent event, ShardDigests digests) {
    return world.has(Mutant.SWITCH_WITHOUT_VERIFY)
        || world.has(Mutant.SIDES_COMPARED_BY_ONE_SHARD)
            && state.reshards().stream()
                .filter(r -> r.getTableId().equals(event.getTableId()))
                .flatMap(r -> Stream.of(r.getSourceShards(), r.getTargetShards()))
                .anyMatch(side -> side.indexOf(digests.getShardId()) > 0 && isOfRanges(event));
  }

  private boolean isOfRanges(TaskEvent event) {
    return state.table(event.getTableId()).orElseThrow().getStrategy() == Strategy.RANGE;
  }

  private static TaskEvent withoutRows(TaskEvent event, ShardDigests digests) {
    ByteBuffer none = ByteBuffer.allocate(16);
    List<Digest> equal =
        digests.getDigests().stream().map(d -> new Digest(d.getVirtualShard(), 0L, none)).toList();
    return new TaskEvent(
        event.getTaskId(),
        event.getAttempt(),
        event.getReportedBy(),
        event.getIncarnation(),
        event.getDatabase(),
        event.getTableId(),
        event.getAt(),
        new ShardDigests(
            digests.getShardId(),
            digests.getFenceId(),
            digests.getPartition(),
            digests.getPosition(),
            digests.getSchemaVersion(),
            equal,
            List.of()));
  }

  /** Whether what was decided is committed; if not, the process is down. */
  private boolean decide(Event event) {
    List<Decision> decisions =
        Coordinator.decide(state, event, new Moment(world.now(), cluster), LIMITS);
    if (world.isWild() && world.dice().oneIn(DIES_BEFORE_THE_COMMIT)) {
      crash(world.dice().below(4_000));
      return false;
    }
    store.commit(decisions);
    world.checker().decidesNext();
    decisions.forEach(this::publish);
    world.checker().reshards().decided(decisions);
    return true;
  }

  private void publish(Decision decision) {
    if (decision instanceof Decision.ShardTaskIssued issued) {
      world.node(issued.task().getNodeId()).issue(issued.task());
    } else if (decision instanceof Decision.ProvisionTaskIssued issued) {
      world.provisioner().issue(issued.task());
    } else if (decision instanceof Decision.TableStored stored) {
      world.catalog().add(stored.table());
    } else if (decision instanceof Decision.TopologyStored stored) {
      world.publish(stored.topology());
    } else if (decision instanceof Decision.NodeDrained drained) {
      world.checker().drained(drained.node().getNodeId(), true);
    } else if (decision instanceof Decision.NodeUndrained undrained) {
      world.checker().drained(undrained.nodeId(), false);
    } else if (decision instanceof Decision.ResultStored stored) {
      DdlResult result = stored.result();
      DdlResult last = results.put(result.getCommandId(), result);
      if (result.getStatus() == DdlStatus.APPLIED) {
        state
            .command(result.getCommandId())
            .ifPresent(command -> world.checker().applied(command.getOperation()));
      }
      if (last == null || last.getStatus() != result.getStatus()) {
        world.note(
            result.getCommandId()
                + " is "
                + result.getStatus()
                + (result.getCode() == null ? "" : ": " + result.getMessage()));
      }
    }
  }
}
