package dev.shardstream.systemtests.simulation;

import dev.shardstream.producer.query.Session;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A session that reads a whole table, as fresh as it likes it. Of each shard it asks any holder, by
 * a topology that may be an old one; when none of them answers it goes on to the newest.
 */
final class SimReader {
  private static final List<Long> BOUNDS = List.of(0L, 1_000L, 10_000L);

  private final World world;
  private final String tableId;
  private final Session session = new Session();
  private final Map<Long, Long> shown = new HashMap<>();
  private int seen;
  private int reads;
  private int fromReplicas;

  SimReader(World world, String tableId) {
    this.world = world;
    this.tableId = tableId;
  }

  /** How many reads were answered. */
  int reads() {
    return reads;
  }

  /** How many shards were read from a replica. */
  int fromReplicas() {
    return fromReplicas;
  }

  void read() {
    int newest = world.topologies(tableId).size() - 1;
    if (newest < 0) {
      return;
    }
    seen += world.dice().below(newest - seen + 1);
    long bound = world.dice().any(BOUNDS);
    if (!isAnswered(seen, bound) && !isAnswered(newest, bound)) {
      seen = newest;
      TopologyChecks.active(world.topologies(tableId).get(newest)).forEach(this::assertServes);
    }
  }

  private void assertServes(Shard shard) {
    Optional<SimWorker> worker = world.node(shard.getNodeId()).running();
    boolean isExcused = world.checker().madeAnew().isGoingOn(new ShardRef(tableId, shard.getId()));
    if (worker.isPresent() && !isExcused && worker.flatMap(w -> serving(w, shard)).isEmpty()) {
      throw new Violation(
          "I2", "node " + shard.getNodeId() + " does not serve its shard " + shard.getId());
    }
  }

  private Optional<HostedShard> serving(SimWorker worker, Shard shard) {
    return worker.shard(new ShardRef(tableId, shard.getId())).filter(HostedShard::isReadable);
  }

  /** I2: every virtual shard is answered by exactly one shard; {@link Checker} knows its rows. */
  private boolean isAnswered(int at, long bound) {
    Topology topology = world.topologies(tableId).get(at);
    List<Shard> owners = Tables.owners(topology);
    Set<Integer> answered = new HashSet<>();
    List<Long> keys = new ArrayList<>();
    for (Shard owner : owners) {
      Optional<ShardContent> content = ask(Tables.holders(topology, owner), bound);
      if (content.isEmpty()) {
        return false;
      }
      content.get().positions().held().forEach(held -> answered.add(held.virtualShard()));
      keys.addAll(content.get().keys());
    }
    if (!owners.isEmpty()) {
      List<Long> all = Keys.of(world.table(tableId).orElseThrow());
      if (answered.size() != 256 || !keys.stream().sorted().toList().equals(all)) {
        throw new Violation("I2", answered.size() + " virtual shards are read, keys " + keys);
      }
      reads++;
    }
    return true;
  }

  /** The first holder that runs, has what the session has seen, and is fresh enough. */
  private Optional<ShardContent> ask(List<Shard> holders, long bound) {
    List<Shard> some = new ArrayList<>(holders);
    Collections.rotate(some, world.dice().below(some.size()));
    for (Shard holder : some) {
      Optional<HostedShard> shard =
          world.node(holder.getNodeId()).running().flatMap(w -> serving(w, holder));
      if (shard.isPresent() && shard.get().answers(bound, minPositions(shard.get()))) {
        ShardContent content = shard.get().content();
        check(content, bound);
        session.sawRead(tableId, content.positions().toList());
        fromReplicas += holder.getRole() == ShardRole.REPLICA ? 1 : 0;
        return Optional.of(content);
      }
    }
    return Optional.empty();
  }

  private List<Position> minPositions(HostedShard shard) {
    return world.has(Mutant.SESSION_WITHOUT_POSITIONS)
        ? List.of()
        : session.minPositions(tableId, shard.content().positions().leastByPartition().keySet());
  }

  private void check(ShardContent content, long bound) {
    world.checker().contents().committed(content);
    world.checker().madeAnew().read(content);
    SimLog log = Objects.requireNonNull(world.log(tableId));
    content
        .positions()
        .leastByPartition()
        .forEach(
            (partition, at) -> {
              if (bound > 0 && at < log.endAsOf(partition, world.now() - bound)) {
                throw new Violation(
                    "Staleness",
                    "%s answers from %d of partition %d, as of %d ms ago"
                        .formatted(content.definition().ref(), at, partition, bound));
              }
            });
    for (long key : content.keys()) {
      long position = content.position(key).orElseThrow();
      if (position < shown.getOrDefault(key, 0L)) {
        throw new Violation(
            "Session",
            "%s shows key %d at %d, it was read at %d"
                .formatted(content.definition().ref(), key, position, shown.get(key)));
      }
      shown.put(key, position);
    }
  }
}
