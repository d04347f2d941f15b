package dev.shardstream.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyRangesTest {
  private static final List<KeyRange> THREE = KeyRanges.between(List.of(key(10L), key(20L, "m")));

  private static byte[] key(Object... values) {
    return OrderedKey.of(List.of(values));
  }

  @Test
  void split_points_make_ranges_that_hold_every_key_once() {
    assertThat(THREE)
        .extracting(KeyRanges::text)
        .containsExactly("[…, 10)", "[10, (20, 'm'))", "[(20, 'm'), …)");
    for (long first : LongStream.rangeClosed(8, 22).toArray()) {
      for (String second : List.of("", "a", "m", "z")) {
        assertThat(THREE).filteredOn(r -> KeyRanges.contains(r, key(first, second))).hasSize(1);
      }
    }
    assertThat(THREE)
        .extracting(r -> KeyRanges.contains(r, key(20L, "m")))
        .containsExactly(false, false, true);
    assertThat(THREE)
        .extracting(r -> KeyRanges.contains(r, key(10L, "")))
        .containsExactly(false, true, false);
  }

  @Test
  void what_two_ranges_share() {
    KeyRange other = new KeyRange(THREE.get(0).getTo(), null);
    assertThat(KeyRanges.intersection(THREE.get(1), other)).contains(THREE.get(1));
    assertThat(KeyRanges.intersection(THREE.get(0), other)).isEmpty();
    assertThat(KeyRanges.intersection(KeyRanges.ALL, other)).contains(other);
    assertThat(KeyRanges.intersection(other, KeyRanges.ALL)).contains(other);
  }
}
