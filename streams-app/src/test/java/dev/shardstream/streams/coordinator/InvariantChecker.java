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
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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

  /** I3, and that the epoch counts the cutovers and nothing else. */
  private void topology(Topology topology) {
    Topology last = topologies.put(topology.getTableId(), topology);
    boolean wasActive = last != null && !Tables.owners(last).isEmpty();
    if (wasActive || !Tables.owners(topology).isEmpty()) {
      assertThat(Tables.owners(topology)).satisfies(InvariantChecker::ownEverythingOnce);
    }
    if (wasActive) {
      boolean cutOver = !Tables.owners(last).equals(Tables.owners(topology));
      assertThat(topology.getEpoch()).isEqualTo(last.getEpoch() + (cutOver ? 1 : 0));
    }
    if (last != null && last.getChangeLogId() == null && topology.getChangeLogId() != null) {
      before.put(topology.getChangeLogId(), last);
    }
    if (topology.getChangeLogId() != null) {
      during.put(topology.getChangeLogId(), topology);
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
      assertUndone(reshard, 0);
    } else if (reshard.getStatus() == ReshardStatus.SWITCHING) {
      assertThat(reshard.getPurpose()).isNotEqualTo(ReshardPurpose.VERIFY);
      switches++;
      splits += isSplit(reshard) ? 1 : 0;
      assertVerified(reshard);
    } else if (reshard.getStatus() == ReshardStatus.FAILED) {
      failures++;
      assertUndone(reshard, 0);
    } else if (reshard.getStatus() == ReshardStatus.CANCELLED) {
      cancels++;
      assertUndone(reshard, 0);
    } else if (reshard.getStatus() == ReshardStatus.ROLLED_BACK) {
      rollbacks++;
      assertUndone(reshard, 2);
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
    for (int v : moved(topology, reshard)) {
      List<Map<Long, Digest>> sources = seen(fenceId, topology, reshard.getSourceShards(), v);
      List<Map<Long, Digest>> targets =
          seen(fenceId, topology, thatCount(topology, reshard.getTargetShards()), v);
      boolean verified =
          sources.get(0).keySet().stream()
              .anyMatch(
                  at -> sum(sources, at).isPresent() && sum(sources, at).equals(sum(targets, at)));
      assertThat(verified).as("virtual shard %s verified at %s", v, fenceId).isTrue();
    }
  }

  /** Shards that will own, where there are such; replicas are no part of the sum. */
  private static List<Integer> thatCount(Topology topology, List<Integer> ids) {
    List<Integer> owners =
        topology.getShards().stream()
            .filter(s -> ids.contains(s.getId()) && s.getRole() == ShardRole.OWNER)
            .map(Shard::getId)
            .toList();
    return owners.isEmpty() ? ids : owners;
  }

  private static List<Integer> moved(Topology topology, Reshard reshard) {
    return topology.getShards().stream()
        .filter(s -> reshard.getSourceShards().contains(s.getId()))
        .flatMap(s -> s.getVirtualShards().stream())
        .distinct()
        .toList();
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
  private List<Map<Long, Digest>> seen(
      String fenceId, Topology topology, List<Integer> ids, int virtualShard) {
    return topology.getShards().stream()
        .filter(s -> ids.contains(s.getId()) && s.getVirtualShards().contains(virtualShard))
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
  private void assertUndone(Reshard reshard, int epochs) {
    Topology restored = topologies.get(reshard.getTableId());
    Topology earlier = before.get(reshard.getChangeLogId());
    assertThat(restored)
        .isEqualTo(
            Topology.newBuilder(earlier)
                .setEpoch(earlier.getEpoch() + epochs)
                .setNextShardId(restored.getNextShardId())
                .build());
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
