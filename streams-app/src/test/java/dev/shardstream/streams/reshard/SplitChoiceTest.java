package dev.shardstream.streams.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.streams.coordinator.FakeRows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitChoiceTest {
  private static final int PARTS = 256;

  private static int[] rows(int keys, IntUnaryOperator rowsOfKey) {
    return IntStream.range(0, keys).map(rowsOfKey).toArray();
  }

  /** The ranges between some values of the shard key. */
  private static List<KeyRange> ranges(long... splitAt) {
    return KeyRanges.between(LongStream.of(splitAt).mapToObj(FakeRows::key).toList());
  }

  private static SplitChoice choice(FakeRows rows, List<KeyRange> owners, int parts) {
    return SplitChoice.of(
        IntStream.range(0, owners.size())
            .mapToObj(
                i -> new SplitChoice.Sampled(owners.get(i), rows.sample(i, owners.get(i), parts)))
            .toList());
  }

  /** How many rows each shard gets. */
  private static List<Long> divided(FakeRows rows, List<byte[]> points) {
    return KeyRanges.between(points).stream().map(rows::count).toList();
  }

  private static List<Object> keys(List<byte[]> points) {
    return points.stream().map(p -> OrderedKey.values(p).get(0)).toList();
  }

  @Test
  void shards_are_within_a_fifth_of_each_other_whatever_the_sources_were() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int count = 200 + random.nextInt(6_000);
      int most = 1 + random.nextInt(4);
      FakeRows rows = new FakeRows(rows(count, i -> random.nextInt(most + 1)));
      List<KeyRange> owners =
          ranges(random.longs(random.nextInt(12), -50, count + 50).distinct().sorted().toArray());
      int shards = 2 + random.nextInt(Math.max(1, count / 200));

      List<byte[]> points = choice(rows, owners, PARTS).points(shards);

      assertThat(points)
          .as("seed %s", seed)
          .hasSize(shards - 1)
          .isSortedAccordingTo(OrderedKey::compare);
      List<Long> divided = divided(rows, points);
      long least = divided.stream().mapToLong(n -> n).min().orElseThrow();
      long largest = divided.stream().mapToLong(n -> n).max().orElseThrow();
      assertThat(largest)
          .as("seed %s: %s", seed, divided)
          .isLessThanOrEqualTo(Math.round(least * 1.2) + 1);
    }
  }

  @Test
  void a_key_with_most_of_the_rows_has_a_shard_of_its_own() {
    FakeRows rows = new FakeRows(rows(1_000, i -> i == 500 ? 3_000 : 1));

    List<Long> divided = divided(rows, choice(rows, ranges(), PARTS).points(5));

    assertThat(divided).anySatisfy(n -> assertThat(n).isBetween(3_000L, 3_040L));
    assertThat(divided)
        .filteredOn(n -> n < 3_000)
        .allSatisfy(n -> assertThat(n).isBetween(230L, 260L));
  }

  @Test
  void a_key_with_many_rows_at_the_end_leaves_the_others_equal() {
    FakeRows rows = new FakeRows(rows(901, i -> i == 900 ? 900 : 1));

    assertThat(divided(rows, choice(rows, ranges(), PARTS).points(4)))
        .allSatisfy(
            n ->
                assertThat(n)
                    .satisfiesAnyOf(
                        all -> assertThat(all).isBetween(280L, 320L),
                        all -> assertThat(all).isBetween(900L, 910L)));
  }

  @Test
  void few_rows_are_divided_one_by_one() {
    FakeRows rows = new FakeRows(1, 1, 1, 1);
    SplitChoice choice = choice(rows, ranges(), PARTS);

    assertThat(choice.keys()).isEqualTo(3);
    assertThat(keys(choice.points(4))).containsExactly(1L, 2L, 3L);
    assertThat(keys(choice.points(2))).containsExactly(2L);
    assertThat(choice.points(1)).isEmpty();
    assertThatThrownBy(() -> choice.points(5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 shards at 3 keys");
  }

  @Test
  void one_key_alone_is_nowhere_to_split() {
    assertThat(choice(new FakeRows(rows(1, i -> 500)), ranges(), PARTS).keys()).isLessThan(2);
    assertThat(choice(new FakeRows(), ranges(), PARTS).keys()).isZero();
  }

  @Test
  void an_empty_table_is_split_where_it_was_split_before() {
    SplitChoice choice = choice(new FakeRows(), ranges(100, 200, 300), PARTS);

    assertThat(keys(choice.points(4))).containsExactly(100L, 200L, 300L);
    assertThat(keys(choice.points(2))).hasSize(1).containsAnyOf(100L, 200L, 300L);
    assertThat(choice.keys()).isEqualTo(3);
  }

  @Test
  void empty_sources_count_for_nothing() {
    FakeRows rows = new FakeRows(rows(1_000, i -> i >= 400 && i < 600 ? 1 : 0));

    List<byte[]> points = choice(rows, ranges(100, 200, 300, 700, 800), PARTS).points(4);

    assertThat(keys(points)).containsExactly(450L, 500L, 550L);
  }

  @Test
  void keys_without_weights_count_as_equally_heavy() {
    KeySample sample =
        new KeySample(
            0,
            400L,
            LongStream.range(1, 40).mapToObj(i -> ByteBuffer.wrap(FakeRows.key(i * 10))).toList(),
            List.of());

    SplitChoice choice = SplitChoice.of(List.of(new SplitChoice.Sampled(KeyRanges.ALL, sample)));

    assertThat(keys(choice.points(4))).containsExactly(100L, 200L, 300L);
  }

  @Test
  void a_key_outside_of_its_shards_range_is_nowhere_to_split() {
    KeySample sample =
        new KeySample(
            0,
            4L,
            List.of(ByteBuffer.wrap(FakeRows.key(7)), ByteBuffer.wrap(FakeRows.key(50))),
            List.of(1L, 2L));

    SplitChoice choice =
        SplitChoice.of(List.of(new SplitChoice.Sampled(ranges(10).get(0), sample)));

    assertThat(keys(choice.points(2))).containsExactly(7L);
    assertThat(choice.keys()).isEqualTo(1);
  }

  @Test
  void the_most_shards_are_made_of_the_most_keys() {
    int sources = 64;
    int keysEach = 4_095;
    long[] boundaries = LongStream.range(1, sources).map(i -> i * (keysEach + 1L)).toArray();
    List<KeyRange> owners = ranges(boundaries);
    SplitChoice choice =
        SplitChoice.of(
            IntStream.range(0, sources)
                .mapToObj(s -> new SplitChoice.Sampled(owners.get(s), dense(s, keysEach)))
                .toList());

    long[] points =
        choice.points(256).stream().mapToLong(p -> (Long) OrderedKey.values(p).get(0)).toArray();

    long all = sources * (keysEach + 1L);
    long[] sizes =
        IntStream.rangeClosed(0, points.length)
            .mapToLong(i -> (i == points.length ? all : points[i]) - (i == 0 ? 0 : points[i - 1]))
            .toArray();
    assertThat(Arrays.stream(sizes).max().orElseThrow() * 10)
        .isLessThanOrEqualTo(Arrays.stream(sizes).min().orElseThrow() * 12);
  }

  /** One row for each key; every key but the first is named. */
  private static KeySample dense(int shard, int keys) {
    long first = shard * (keys + 1L);
    return new KeySample(
        shard,
        keys + 1L,
        LongStream.rangeClosed(1, keys)
            .mapToObj(i -> ByteBuffer.wrap(FakeRows.key(first + i)))
            .toList(),
        LongStream.rangeClosed(1, keys).boxed().toList());
  }
}
