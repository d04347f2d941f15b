package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Knows from the decisions and the delivered reports alone what may be, with no look into the
 * coordinator's state.
 */
final class InvariantChecker {
  private static final List<Integer> ALL = new ShardRange(0, 255).virtualShards();
  private static final ByteBuffer NO_BOUND = ByteBuffer.allocate(0);

  private record Seen(String fenceId, int shardId, int virtualShard) {}

  private final Map<String, Topology> topologies = new TreeMap<>();
  private final Map<String, Topology> before = new HashMap<>();
  private final Map<String, Topology> during = new HashMap<>();
  private final Map<String, Reshard> reshards = new HashMap<>();
  private final Map<Seen, Map<Long, Digest>> digests = new HashMap<>();
  private final Map<String, Integer> differentAt = new HashMap<>();
  private int switches;
  private int proofs;
  private int splits;
  private int failures;
  private int cancels;
  private int rollbacks;
  private int repairs;
  private int promotions;
  private int replications;

  void delivered(TaskEvent event) {
    if (event.getEvent() instanceof ShardDigests d) {
      d.getDigests()
          .forEach(
              digest ->
                  digests
                      .computeIfAbsent(
                          new Seen(d.getFenceId(), d.getShardId(), digest.getVirtualShard()),
                          s -> new TreeMap<>())
                      .put(d.getPosition(), digest));
    }
  }

  void decided(Decision decision) {
    if (decision instanceof Decision.TopologyStored stored) {
      topology(stored.topology());
    } else if (decision instanceof Decision.TopologyGone gone) {
      topologies.remove(gone.tableId());
    } else if (decision instanceof Decision.ReshardStored stored) {
      reshard(stored.reshard());
    } else if (decision instanceof Decision.ResultStored stored
        && stored.result().getStatus() == DdlStatus.ACCEPTED
        && stored.result().getCommandId().startsWith("drop")) {
      assertThat(topologies.get(stored.result().getTableId()).getChangeLogId())
          .as("reshard that runs while the table is dropped")
          .isNull();
    }
  }

  /** I3, holders apart from each other, and an epoch that counts what readers see change. */
  private void topology(Topology topology) {
    Topology last = topologies.put(topology.getTableId(), topology);
    boolean wasActive = last != null && !Tables.owners(last).isEmpty();
    if (wasActive || !Tables.owners(topology).isEmpty()) {
      assertThat(Tables.owners(topology)).satisfies(InvariantChecker::ownEverythingOnce);
    }
    assertApart(topology, ShardStatus.ACTIVE);
    assertApart(topology, ShardStatus.PENDING);
    if (wasActive) {
      boolean cutOver =
          !of(last, ShardStatus.ACTIVE).toList().equals(of(topology, ShardStatus.ACTIVE).toList());
      promotions +=
          !Tables.owners(last).equals(Tables.owners(topology)) && ids(last).equals(ids(topology))
              ? 1
              : 0;
      assertThat(topology.getEpoch()).isEqualTo(last.getEpoch() + (cutOver ? 1 : 0));
    }
    if (last != null && last.getChangeLogId() == null && topology.getChangeLogId() != null) {
      before.put(topology.getChangeLogId(), last);
    }
    if (topology.getChangeLogId() != null) {
      during.put(topology.getChangeLogId(), topology);
    }
  }

  private static Stream<Shard> of(Topology topology, ShardStatus status) {
    return topology.getShards().stream().filter(s -> s.getStatus() == status);
  }

  private static List<Integer> ids(Topology topology) {
    return of(topology, ShardStatus.ACTIVE).map(Shard::getId).toList();
  }

  private static void assertApart(Topology topology, ShardStatus status) {
    List<Shard> shards = of(topology, status).toList();
    for (Shard shard : shards) {
      assertThat(shards)
          .as("with the same rows on one node as %s in %s", shard, topology)
          .noneMatch(
              s ->
                  s.getId() != shard.getId()
                      && Tables.haveTheSame(s, shard)
                      && s.getNodeId().equals(shard.getNodeId()));
    }
  }

  /** Either each virtual shard has one owner, or ranges follow on each other from end to end. */
  private static void ownEverythingOnce(List<? extends Shard> owners) {
    if (owners.stream().allMatch(s -> s.getRange() == null)) {
      assertThat(owners.stream().flatMap(s -> s.getVirtualShards().stream()))
          .containsExactlyInAnyOrderElementsOf(ALL);
      return;
    }
    assertThat(owners).allSatisfy(s -> assertThat(s.getVirtualShards()).isEqualTo(ALL));
    Map<ByteBuffer, ByteBuffer> endsByBeginning = new HashMap<>();
    for (Shard owner : owners) {
      KeyRange range = owner.getRange();
      ByteBuffer from = range.getFrom() == null ? NO_BOUND : range.getFrom();
      ByteBuffer to = range.getTo() == null ? NO_BOUND : range.getTo();
      assertThat(endsByBeginning.put(from, to)).as("two ranges from %s", from).isNull();
    }
    int passed = 0;
    ByteBuffer at = NO_BOUND;
    do {
      at = endsByBeginning.get(at);
      assertThat(at).as("no gap in %s", owners).isNotNull();
      passed++;
    } while (!at.equals(NO_BOUND));
    assertThat(passed).as("ranges from end to end in %s", owners).isEqualTo(owners.size());
  }

  private void reshard(Reshard reshard) {
    Reshard last = reshards.put(reshard.getChangeLogId(), reshard);
    if (!reshard.getMismatches().isEmpty()
        && (last == null || !last.getMismatches().equals(reshard.getMismatches()))) {
      differentAt.put(reshard.getChangeLogId(), reshard.getVerifyAttempt());
    }
    if (last != null && last.getStatus() == reshard.getStatus()) {
      return;
    }
    assertThat(last != null && last.getPaused() && !isUndone(reshard))
        .as("paused and went on: %s", reshard)
        .isFalse();
    if (reshard.getStatus() == ReshardStatus.COMPLETE
        && reshard.getPurpose() == ReshardPurpose.VERIFY) {
      proofs++;
      assertVerified(reshard);
      assertUndone(reshard);
    } else if (reshard.getStatus() == ReshardStatus.COMPLETE
        && reshard.getPurpose() == ReshardPurpose.REPLICATE) {
      replications++;
      assertVerified(reshard);
    } else if (reshard.getStatus() == ReshardStatus.SWITCHING) {
      assertThat(reshard.getPurpose()).isIn(ReshardPurpose.RESHARD, ReshardPurpose.MOVE);
      switches++;
      splits += isSplit(reshard) ? 1 : 0;
      assertVerified(reshard);
    } else if (reshard.getStatus() == ReshardStatus.FAILED) {
      failures++;
      assertUndone(reshard);
    } else if (reshard.getStatus() == ReshardStatus.CANCELLED) {
      cancels++;
      assertUndone(reshard);
    } else if (reshard.getStatus() == ReshardStatus.ROLLED_BACK) {
      rollbacks++;
      assertRolledBack(reshard);
    }
  }

  private static boolean isUndone(Reshard reshard) {
    return reshard.getStatus() == ReshardStatus.FAILED
        || reshard.getStatus() == ReshardStatus.CANCELLED;
  }

  /** I4: never a switch without both sides of everything, equal, at one position of one fence. */
  private void assertVerified(Reshard reshard) {
    assertMaySwitch(reshard);
    String fenceId = reshard.getChangeLogId() + "-f" + reshard.getVerifyAttempt();
    Topology topology = during.get(reshard.getChangeLogId());
    List<Shard> sources = shards(topology, reshard.getSourceShards(), ShardRole.OWNER);
    List<Shard> targets = shards(topology, reshard.getTargetShards(), ShardRole.OWNER);
    List<Shard> divided = new ArrayList<>(targets);
    List<Shard> taken = new ArrayList<>(sources);
    for (Shard source : sources) {
      Optional<Shard> same =
          targets.stream().filter(t -> Tables.haveTheSame(t, source)).findFirst();
      if (same.isPresent()) {
        assertVerified(fenceId, List.of(source), List.of(same.get()));
        taken.remove(source);
        divided.remove(same.get());
      }
    }
    assertVerified(fenceId, taken, divided);
    for (Shard replica : shards(topology, reshard.getTargetShards(), ShardRole.REPLICA)) {
      List<Shard> owners = ownersOf(replica, topology, reshard.getTargetShards());
      for (int v : replica.getVirtualShards()) {
        assertThat(owners)
            .as("virtual shard %s of replica %s verified at %s", v, replica.getId(), fenceId)
            .anyMatch(owner -> isVerified(fenceId, v, List.of(owner), List.of(replica)));
      }
    }
  }

  private void assertVerified(String fenceId, List<Shard> sources, List<Shard> targets) {
    for (int v : moved(targets)) {
      assertThat(isVerified(fenceId, v, sources, targets))
          .as("virtual shard %s verified at %s", v, fenceId)
          .isTrue();
    }
  }

  private boolean isVerified(String fenceId, int v, List<Shard> left, List<Shard> right) {
    List<Map<Long, Digest>> sources = seen(fenceId, left, v);
    List<Map<Long, Digest>> targets = seen(fenceId, right, v);
    return !sources.isEmpty()
        && sources.get(0).keySet().stream()
            .anyMatch(
                at -> sum(sources, at).isPresent() && sum(sources, at).equals(sum(targets, at)));
  }

  /** Those with which a replica may be compared: what a shard of a HASH table takes is in one. */
  private static List<Shard> ownersOf(Shard replica, Topology topology, List<Integer> targets) {
    return topology.getShards().stream()
        .filter(s -> s.getRole() == ShardRole.OWNER)
        .filter(
            s ->
                Tables.haveTheSame(s, replica)
                    || s.getRange() == null && !targets.contains(s.getId()))
        .toList();
  }

  private static List<Shard> shards(Topology topology, List<Integer> ids, ShardRole role) {
    return topology.getShards().stream()
        .filter(s -> ids.contains(s.getId()) && s.getRole() == role)
        .toList();
  }

  private static List<Integer> moved(List<Shard> targets) {
    return targets.stream().flatMap(s -> s.getVirtualShards().stream()).distinct().toList();
  }

  /** A difference that was found must have been repaired before the verify that decides. */
  private void assertMaySwitch(Reshard reshard) {
    ReshardOptions options = reshard.getOptions();
    Integer differed = differentAt.get(reshard.getChangeLogId());
    if (differed != null) {
      repairs++;
      assertThat(options != null && options.getRepair()).as("repair of %s", reshard).isTrue();
      assertThat(reshard.getRepairs()).isBetween(1, 3);
      assertThat(reshard.getVerifyAttempt()).isGreaterThan(differed);
      assertThat(reshard.getMismatches()).isEmpty();
    }
    assertThat(options != null && options.getManualCutover() && !reshard.getSwitchAsked())
        .as("switched though nobody asked: %s", reshard)
        .isFalse();
  }

  /** What some shards have told of a virtual shard, by position. */
  private List<Map<Long, Digest>> seen(String fenceId, List<Shard> shards, int virtualShard) {
    return shards.stream()
        .filter(s -> s.getVirtualShards().contains(virtualShard))
        .map(s -> digests.getOrDefault(new Seen(fenceId, s.getId(), virtualShard), Map.of()))
        .toList();
  }

  /** Rows and hashes of one side together; empty unless each of its shards has told of them. */
  private static Optional<List<BigInteger>> sum(List<Map<Long, Digest>> side, long position) {
    if (side.stream().anyMatch(shard -> !shard.containsKey(position))) {
      return Optional.empty();
    }
    List<Digest> digests = side.stream().map(shard -> shard.get(position)).toList();
    return Optional.of(
        List.of(
            BigInteger.valueOf(digests.stream().mapToLong(Digest::getRows).sum()),
            digests.stream()
                .map(d -> new BigInteger(1, d.getSum().array()))
                .reduce(BigInteger.ZERO, BigInteger::add)));
  }

  /** I6, but for the shard ids, which are never used again, and epochs, which only grow. */
  private void assertUndone(Reshard reshard) {
    Topology restored = topologies.get(reshard.getTableId());
    Topology earlier = before.get(reshard.getChangeLogId());
    assertThat(restored)
        .isEqualTo(Topology.newBuilder(earlier).setNextShardId(restored.getNextShardId()).build());
  }

  /** The same two epochs later, or more when owners were lost in between. */
  private void assertRolledBack(Reshard reshard) {
    Topology restored = topologies.get(reshard.getTableId());
    Topology earlier = before.get(reshard.getChangeLogId());
    assertThat(restored.getEpoch()).isGreaterThanOrEqualTo(earlier.getEpoch() + 2);
    assertThat(withoutRoles(restored)).isEqualTo(withoutRoles(earlier));
    assertThat(restored.getChangeLogId()).isNull();
  }

  private static List<Shard> withoutRoles(Topology topology) {
    return topology.getShards().stream()
        .map(s -> Shard.newBuilder(s).setRole(ShardRole.OWNER).build())
        .toList();
  }

  private boolean isSplit(Reshard reshard) {
    return reshard.getShardCount() > 1
        && during.get(reshard.getChangeLogId()).getShards().stream()
            .anyMatch(s -> s.getRange() != null);
  }

  /** Switches of RANGE tables to other split points. */
  int splits() {
    return splits;
  }

  int switches() {
    return switches;
  }

  /** Tables that were rebuilt from their logs and found equal. */
  int proofs() {
    return proofs;
  }

  int failures() {
    return failures;
  }

  int cancels() {
    return cancels;
  }

  int rollbacks() {
    return rollbacks;
  }

  /** Epochs in which other holders of the same shards own their rows. */
  int promotions() {
    return promotions;
  }

  /** Times that missing replicas were made. */
  int replications() {
    return replications;
  }

  /** Switches after a repair. */
  int repairs() {
    return repairs;
  }

  /** Every shard that some table has, like {@code shop-orders-1/0}. */
  Set<String> shards() {
    Set<String> names = new HashSet<>();
    topologies
        .values()
        .forEach(t -> t.getShards().forEach(s -> names.add(t.getTableId() + "/" + s.getId())));
    return names;
  }
}
