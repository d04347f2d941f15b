package dev.shardstream.worker.verify;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.Orders.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.Transaction;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableDigestTest {
  private static final int V = Orders.virtualShard(1);
  private static final String TABLE = "\"default-orders-1\"";

  @TempDir Path directory;

  private static List<LoggedChange> log() {
    List<LoggedChange> log = new ArrayList<>();
    for (long id = 1; id <= 500; id++) {
      log.add(
          logged(
              id, change(Op.INSERT, 1, id, 2, "c" + id, 3, id * 0.5, 4, "1", 5, new byte[] {49})));
    }
    return log;
  }

  private static Digest digest(ShardFile shard) throws Exception {
    return new TableDigest(shard.writer(), shard.shape(), KeyRanges.ALL).of(V);
  }

  @Test
  void the_same_rows_have_the_same_digest_whatever_their_history() throws Exception {
    List<LoggedChange> shuffled = new ArrayList<>(log());
    shuffled.add(logged(501, change(Op.INSERT, 1, 100_001L, 2, "gone")));
    Collections.shuffle(shuffled, new Random(3));
    shuffled.add(logged(502, change(Op.DELETE, 1, 100_001L)));
    try (ShardFile one = Orders.shard(directory, 0, log());
        ShardFile other = Orders.shard(directory, 1, List.of())) {
      // Without positions in between, so that changes out of order are not skipped.
      Orders.apply(other, shuffled);
      assertThat(digest(other)).isEqualTo(digest(one));
      assertThat(digest(one).getRows()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE %s SET c2 = c2 || ' ' WHERE c1 = 1",
        "UPDATE %s SET c2 = NULL WHERE c1 = 1",
        "UPDATE %s SET c3 = -0.0 WHERE c1 = 1",
        "UPDATE %s SET c3 = 1 WHERE c1 = 1",
        "UPDATE %s SET c3 = '1.0' WHERE c1 = 1",
        "UPDATE %s SET c5 = NULL WHERE c1 = 1",
        "UPDATE %s SET c5 = x'' WHERE c1 = 1",
        "UPDATE %s SET c4 = '', c2 = c2 || c4 WHERE c1 = 1",
        "UPDATE %s SET _version = _version + 1 WHERE c1 = 1",
        "DELETE FROM %s WHERE c1 = 1",
        "UPDATE %s SET c1 = -1 WHERE c1 = 1",
        "INSERT INTO %s SELECT _virtualShard, -c1, c2, c3, c4, c5, _version, _updated FROM %s"
            + " WHERE c1 = 1"
      })
  void a_planted_difference_changes_the_digest(String corruption) throws Exception {
    try (ShardFile shard = Orders.shard(directory, 0, log())) {
      Transaction.execute(shard.writer(), "UPDATE " + TABLE + " SET c3 = 1.0 WHERE c1 = 1");
      Digest before = digest(shard);
      Transaction.execute(shard.writer(), corruption.replace("%s", TABLE));
      assertThat(digest(shard)).isNotEqualTo(before);
    }
  }

  @Test
  void values_of_the_same_look_hash_differently_by_type() {
    List<Sum128> hashes = new ArrayList<>();
    RowHash hash = new RowHash();
    for (Object value : new Object[] {1L, 1.0, "1", new byte[] {49}, 0.0, -0.0, 0L}) {
      hash.start(7);
      hash.add(value);
      hashes.add(hash.finish());
    }
    hash.start(7);
    hash.add(null);
    hashes.add(hash.finish());
    hash.start(8);
    hash.add(1L);
    hashes.add(hash.finish());
    assertThat(hashes).doesNotHaveDuplicates();
  }

  @Test
  void a_hash_does_not_depend_on_the_row_before() {
    RowHash used = new RowHash();
    used.start(1);
    used.add("x".repeat(5_000));
    used.finish();
    used.start(1);
    used.add(5);
    RowHash fresh = new RowHash();
    fresh.start(1);
    fresh.add(5L);
    assertThat(used.finish()).isEqualTo(fresh.finish());
  }

  @Test
  void sums_are_those_of_128_bit_numbers() {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      Sum128 a = new Sum128(random.nextLong(), random.nextLong());
      Sum128 b = new Sum128(random.nextLong(), random.nextLong());
      BigInteger expected = number(a).add(number(b)).mod(BigInteger.ONE.shiftLeft(128));
      assertThat(number(a.plus(b))).as("seed %d", seed).isEqualTo(expected);
      assertThat(a.plus(b)).isEqualTo(b.plus(a));
    }
    Sum128 twice = new Sum128(1, 5);
    assertThat(twice.plus(twice)).isNotEqualTo(Sum128.ZERO);
  }

  private static BigInteger number(Sum128 sum) {
    return new BigInteger(1, sum.bytes().array());
  }

  @Test
  void listing_names_every_key_and_gives_the_same_sum() throws Exception {
    try (ShardFile shard = Orders.shard(directory, 0, log())) {
      List<KeyHash> keys = new ArrayList<>();
      Digest listed =
          new TableDigest(shard.writer(), shard.shape(), KeyRanges.ALL).listing(V, keys::add);
      assertThat(listed).isEqualTo(digest(shard));
      Sum128 sum = Sum128.ZERO;
      for (KeyHash key : keys) {
        sum = sum.plus(new Sum128(key.getHash().getLong(0), key.getHash().getLong(8)));
      }
      assertThat(sum.bytes()).isEqualTo(listed.getSum());
      assertThat(keys).extracting(KeyHash::getKey).contains("1").hasSize((int) listed.getRows());
    }
  }

  @Test
  void a_row_outside_of_the_range_of_its_shard_never_equals_the_same_row_inside_of_one()
      throws Exception {
    try (ShardFile shard = Orders.shard(directory, 0, log())) {
      TableDigest inside = new TableDigest(shard.writer(), shard.shape(), Orders.ranges(2L).get(0));
      TableDigest outside =
          new TableDigest(shard.writer(), shard.shape(), Orders.ranges(1L).get(0));
      Transaction.execute(shard.writer(), "DELETE FROM " + TABLE + " WHERE c1 <> 1");
      assertThat(inside.of(V)).isEqualTo(digest(shard));
      assertThat(outside.of(V).getRows()).isEqualTo(1);
      assertThat(outside.of(V).getSum()).isNotEqualTo(digest(shard).getSum());
      List<KeyHash> keys = new ArrayList<>();
      outside.listing(V, keys::add);
      assertThat(keys)
          .extracting(KeyHash::getVirtualShard, KeyHash::getKey)
          .containsExactly(tuple(V, "1"));
    }
  }
}
