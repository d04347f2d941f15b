package dev.shardstream.producer.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OwnersTest {
  private static final Table USERS = SampleTables.USERS;
  private static final Table RANGES = SampleTables.ranges(USERS);

  @Test
  void a_row_of_a_hash_table_is_with_the_owner_of_its_virtual_shard() {
    Topology topology = SampleTables.topology(USERS, 1, 7);
    Owners owners = Owners.of(topology);

    assertThat(owners.divideAllRows()).isTrue();
    assertThat(owners.all()).isEqualTo(topology.getShards());
    for (int v = 0; v < 256; v++) {
      int virtualShard = v;
      assertThat(owners.of(RowPlace.ofVirtualShard(v)))
          .isEqualTo(
              topology.getShards().stream()
                  .filter(shard -> shard.getVirtualShards().contains(virtualShard))
                  .findFirst());
    }
  }

  @Test
  void a_row_of_a_range_table_is_with_the_owner_of_its_range() {
    Topology topology = SampleTables.ranges(RANGES, 1, List.of(List.of(-5L), List.of(10L)));

    assertThat(
            LongStream.of(Long.MIN_VALUE, -6, -5, 0, 9, 10, 11, Long.MAX_VALUE)
                .mapToObj(id -> owner(topology, id))
                .toList())
        .isEqualTo(IntStream.of(0, 0, 1, 1, 1, 2, 2, 2).mapToObj(Optional::of).toList());
  }

  @Test
  void the_order_of_ids_is_not_that_of_ranges() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      List<byte[]> splitAt =
          random
              .longs(1 + random.nextInt(40), -100, 100)
              .distinct()
              .sorted()
              .mapToObj(at -> OrderedKey.of(List.of(at)))
              .toList();
      List<KeyRange> ranges = new ArrayList<>(KeyRanges.between(splitAt));
      Collections.shuffle(ranges, random);
      Topology topology =
          SampleTables.topology(
              RANGES,
              1,
              IntStream.range(0, ranges.size()).mapToObj(i -> shard(i, ranges.get(i))).toList());
      assertThat(Owners.of(topology).divideAllRows()).isTrue();
      for (long id = -105; id <= 105; id++) {
        byte[] key = OrderedKey.of(List.of(id));
        int expected =
            IntStream.range(0, ranges.size())
                .filter(i -> KeyRanges.contains(ranges.get(i), key))
                .findFirst()
                .orElseThrow();
        assertThat(owner(topology, id)).isEqualTo(Optional.of(expected));
      }
    }
  }

  @Test
  void a_split_point_of_the_first_columns_goes_before_all_keys_that_begin_with_it() {
    Table events = SampleTables.ranges(SampleTables.EVENTS, List.of(1, 2));
    Topology topology = SampleTables.ranges(events, 1, List.of(List.of(5L), List.of(5L, "eu")));
    Owners owners = Owners.of(topology);

    assertThat(
            List.of(List.<Object>of(4L, "zz"), List.<Object>of(5L, ""), List.<Object>of(5L, "eu"))
                .stream()
                .map(key -> owners.of(RowPlace.of(events, key)).orElseThrow().getId())
                .toList())
        .isEqualTo(List.of(0, 1, 2));
  }

  @Test
  void only_owners_are_asked() {
    List<Shard> shards = new ArrayList<>();
    Topology alone = SampleTables.ranges(RANGES, 1, List.of(List.of(10L)));
    for (Shard owner : alone.getShards()) {
      shards.add(owner);
      shards.add(
          shard(owner.getId() + 10, owner.getRange(), ShardStatus.ACTIVE, ShardRole.REPLICA));
      shards.add(shard(owner.getId() + 20, owner.getRange(), ShardStatus.PENDING, ShardRole.OWNER));
    }
    Owners owners = Owners.of(SampleTables.topology(RANGES, 1, shards));

    assertThat(owners.all()).isEqualTo(alone.getShards());
    assertThat(owners.divideAllRows()).isTrue();
  }

  @Test
  void a_gap_and_an_overlap_are_seen() {
    KeyRange low = KeyRanges.between(List.of(OrderedKey.of(List.of(1L)))).get(0);
    KeyRange high = KeyRanges.between(List.of(OrderedKey.of(List.of(2L)))).get(1);
    KeyRange middle =
        KeyRanges.between(List.of(OrderedKey.of(List.of(1L)), OrderedKey.of(List.of(2L)))).get(1);

    assertThat(dividesAll(low, middle, high)).isTrue();
    assertThat(dividesAll(KeyRanges.ALL)).isTrue();
    assertThat(dividesAll(low, high)).isFalse();
    assertThat(dividesAll(low, middle)).isFalse();
    assertThat(dividesAll(middle, high)).isFalse();
    assertThat(dividesAll(low, middle, middle, high)).isFalse();
    assertThat(dividesAll(KeyRanges.ALL, KeyRanges.ALL)).isFalse();
    assertThat(dividesAll()).isFalse();
    Topology gap = SampleTables.topology(RANGES, 1, List.of(shard(0, low), shard(1, high)));
    assertThat(owner(gap, 1)).isEmpty();
    Topology hash = SampleTables.topology(USERS, 1, 4);
    hash.getShards().remove(2);
    assertThat(Owners.of(hash).divideAllRows()).isFalse();
  }

  private static boolean dividesAll(KeyRange... ranges) {
    return Owners.of(
            SampleTables.topology(
                RANGES,
                1,
                IntStream.range(0, ranges.length).mapToObj(i -> shard(i, ranges[i])).toList()))
        .divideAllRows();
  }

  private static Optional<Integer> owner(Topology topology, long id) {
    return Owners.of(topology).of(RowPlace.of(RANGES, List.of(id))).map(Shard::getId);
  }

  private static Shard shard(int id, KeyRange range) {
    return shard(id, range, ShardStatus.ACTIVE, ShardRole.OWNER);
  }

  private static Shard shard(int id, KeyRange range, ShardStatus status, ShardRole role) {
    return new Shard(id, "n0", status, SampleTables.ALL_VIRTUAL_SHARDS, role, range);
  }
}
