package dev.shardstream.streams.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestComparisonTest {
  private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  private final List<ShardDigests> received = new ArrayList<>();

  private void digest(int shard, int virtualShard, long rows, long sum) {
    digest(shard, virtualShard, 7, 1, rows, BigInteger.valueOf(sum), List.of());
  }

  private void digest(
      int shard,
      int virtualShard,
      long position,
      int version,
      long rows,
      BigInteger sum,
      List<KeyHash> keys) {
    received.add(
        new ShardDigests(
            shard,
            "f",
            0,
            position,
            version,
            List.of(new Digest(virtualShard, rows, bytes(sum))),
            keys));
  }

  private static ByteBuffer bytes(BigInteger sum) {
    byte[] all = new byte[16];
    byte[] given = sum.toByteArray();
    byte[] unsigned = given.length > 16 ? Arrays.copyOfRange(given, 1, 17) : given;
    System.arraycopy(unsigned, 0, all, 16 - unsigned.length, unsigned.length);
    return ByteBuffer.wrap(all);
  }

  private static KeyHash key(String key, long hash) {
    return new KeyHash(3, key, bytes(BigInteger.valueOf(hash)));
  }

  private static Sides sides(List<Integer> sources, List<Integer> targets) {
    return new Sides(3, sources, targets);
  }

  private DigestComparison compare(Sides... sides) {
    return DigestComparison.of(List.of(sides), received, false);
  }

  @Test
  void one_shard_on_each_side_is_equal_when_rows_and_sums_are() {
    digest(0, 3, 2, 40);
    digest(4, 3, 2, 40);

    assertThat(compare(sides(List.of(0), List.of(4))))
        .isEqualTo(new DigestComparison(true, true, 1, List.of()));
  }

  @Test
  void each_target_that_differs_from_the_same_source_is_named() {
    digest(0, 3, 2, 40);
    digest(4, 3, 2, 41);
    digest(5, 3, 1, 40);
    digest(6, 3, 2, 40);

    assertThat(
            compare(
                sides(List.of(0), List.of(4)),
                sides(List.of(0), List.of(5)),
                sides(List.of(0), List.of(6))))
        .isEqualTo(
            new DigestComparison(
                true,
                true,
                1,
                List.of(
                    new Mismatch(3, 0, 4, 2L, 2L, List.of()),
                    new Mismatch(3, 0, 5, 2L, 1L, List.of()))));
  }

  @Test
  void sides_of_several_shards_are_equal_when_their_sums_are_also_beyond_the_largest_number() {
    digest(0, 3, 7, 1, 2, LARGEST, List.of());
    digest(1, 3, 7, 1, 3, BigInteger.valueOf(6), List.of());
    digest(4, 3, 7, 1, 4, BigInteger.valueOf(2), List.of());
    digest(5, 3, 7, 1, 0, BigInteger.ZERO, List.of());
    digest(6, 3, 7, 1, 1, BigInteger.valueOf(3), List.of());

    assertThat(compare(sides(List.of(0, 1), List.of(4, 5, 6))))
        .isEqualTo(new DigestComparison(true, true, 1, List.of()));
  }

  @Test
  void sides_of_several_shards_that_differ_are_named_by_the_first_of_each() {
    digest(1, 3, 2, 10);
    digest(0, 3, 2, 30);
    digest(5, 3, 3, 40);
    digest(4, 3, 0, 0);

    assertThat(compare(sides(List.of(1, 0), List.of(5, 4))).mismatches())
        .containsExactly(new Mismatch(3, 1, 5, 4L, 3L, List.of()));
  }

  @Test
  void nothing_is_complete_before_every_shard_of_a_side_has_told() {
    digest(0, 3, 2, 40);
    digest(1, 3, 2, 40);
    digest(4, 3, 4, 80);

    assertThat(compare(sides(List.of(0, 1), List.of(4, 5))).complete()).isFalse();
  }

  @Test
  void only_the_same_position_of_all_shards_is_compared() {
    digest(0, 3, 7, 1, 1, BigInteger.ONE, List.of());
    digest(1, 3, 7, 1, 1, BigInteger.ONE, List.of());
    digest(4, 3, 7, 1, 2, BigInteger.TWO, List.of());
    digest(0, 3, 9, 1, 2, BigInteger.TWO, List.of());
    digest(4, 3, 9, 1, 9, BigInteger.TEN, List.of());

    assertThat(compare(sides(List.of(0, 1), List.of(4))))
        .isEqualTo(new DigestComparison(true, true, 1, List.of()));
  }

  @Test
  void nothing_follows_from_shards_of_different_versions_on_one_side() {
    digest(0, 3, 7, 1, 1, BigInteger.ONE, List.of());
    digest(1, 3, 7, 2, 1, BigInteger.ONE, List.of());
    digest(4, 3, 7, 2, 2, BigInteger.TEN, List.of());

    assertThat(compare(sides(List.of(0, 1), List.of(4))))
        .isEqualTo(new DigestComparison(true, false, 0, List.of()));
  }

  @Test
  void keys_are_those_of_all_shards_of_a_side() {
    digest(0, 3, 7, 1, 1, BigInteger.ONE, List.of(key("1", 1)));
    digest(1, 3, 7, 1, 2, BigInteger.TEN, List.of(key("2", 4), key("3", 6)));
    digest(4, 3, 7, 1, 1, BigInteger.TEN, List.of(key("2", 10)));
    digest(5, 3, 7, 1, 2, BigInteger.TEN, List.of(key("1", 1), key("4", 9)));

    assertThat(
            DigestComparison.of(List.of(sides(List.of(0, 1), List.of(4, 5))), received, true)
                .mismatches())
        .containsExactly(new Mismatch(3, 0, 4, 3L, 3L, List.of("2", "3", "4")));
  }

  @Test
  void keys_are_complete_when_every_shard_has_listed_as_many_as_it_has_rows() {
    digest(0, 3, 7, 1, 1, BigInteger.ONE, List.of(key("1", 1)));
    digest(4, 3, 7, 1, 2, BigInteger.TEN, List.of(key("2", 10)));

    assertThat(
            DigestComparison.of(List.of(sides(List.of(0), List.of(4))), received, true).complete())
        .isFalse();
  }

  @Test
  void every_target_is_compared_with_the_owner_of_what_it_holds() {
    Shard first = shard(0, ShardStatus.ACTIVE, ShardRole.OWNER, 1);
    Shard second = shard(1, ShardStatus.ACTIVE, ShardRole.OWNER, 2, 3);
    Shard replica = shard(2, ShardStatus.ACTIVE, ShardRole.REPLICA, 2, 3);
    Shard owner = shard(3, ShardStatus.PENDING, ShardRole.OWNER, 1, 2, 3);
    Shard another = shard(4, ShardStatus.PENDING, ShardRole.REPLICA, 1, 2, 3);
    Topology topology =
        new Topology(
            "shop", "shop-t-1", 4, List.of(first, second, replica, owner, another), 5, "shop-r1");
    Members members =
        new Members(
            topology, List.of(first, second), List.of(owner, another), List.of(), List.of());

    assertThat(Sides.of(members, List.of(3, 1)))
        .containsExactly(
            new Sides(1, List.of(0), List.of(3)),
            new Sides(1, List.of(0), List.of(4)),
            new Sides(3, List.of(1), List.of(3)),
            new Sides(3, List.of(1), List.of(4)));
  }

  private static Shard shard(int id, ShardStatus status, ShardRole role, Integer... virtualShards) {
    return new Shard(id, "n" + id, status, List.of(virtualShards), role, null);
  }
}
