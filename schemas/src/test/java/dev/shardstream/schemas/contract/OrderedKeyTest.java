package dev.shardstream.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderedKeyTest {
  private static final List<List<?>> ASCENDING =
      List.of(
          List.of(Long.MIN_VALUE),
          List.of(-1L),
          List.of(0L),
          List.of(0L, ""),
          List.of(0L, "\0"),
          List.of(0L, "\0a"),
          List.of(0L, "\1"),
          List.of(0L, "a"),
          List.of(0L, "a", 5L),
          List.of(0L, "a\0"),
          List.of(0L, "aa"),
          List.of(0L, "é"),
          List.of(0L, "\uffff"),
          List.of(0L, "\ud83d\ude00"),
          List.of(1L),
          List.of(Long.MAX_VALUE),
          List.of(Double.NEGATIVE_INFINITY),
          List.of(-1.5),
          List.of(-Double.MIN_VALUE),
          List.of(0.0),
          List.of(Double.MIN_VALUE),
          List.of(2.0),
          List.of(Double.POSITIVE_INFINITY),
          List.of("z"));

  @Test
  void bytes_compare_as_sqlite_compares_the_values() {
    List<List<?>> shuffled = new ArrayList<>(ASCENDING);
    Collections.shuffle(shuffled, new Random(1));
    shuffled.sort((a, b) -> OrderedKey.compare(OrderedKey.of(a), OrderedKey.of(b)));
    assertThat(shuffled).isEqualTo(ASCENDING);
  }

  @Test
  void values_come_back() {
    for (List<?> values : ASCENDING) {
      assertThat(OrderedKey.values(OrderedKey.of(values))).isEqualTo(values);
    }
    byte[] blob = {0, 1, -1, 0};
    assertThat(OrderedKey.values(OrderedKey.of(List.of(blob, 7L))))
        .satisfies(
            values -> assertThat((byte[]) values.get(0)).isEqualTo(blob),
            values -> assertThat(values.get(1)).isEqualTo(7L));
  }

  @Test
  void the_bytes_are_these() {
    assertThat(hex(1L, "a\0")).isEqualTo("018000000000000001036100ff0001");
    assertThat(hex(-0.0)).isEqualTo(hex(0.0)).isEqualTo("028000000000000000");
    assertThat(hex(-1.0)).isEqualTo("02400fffffffffffff");
  }

  @Test
  void other_bytes_are_refused() {
    assertThatThrownBy(() -> OrderedKey.values(new byte[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No ordered key: [1, 2]");
    assertThatThrownBy(() -> OrderedKey.values(new byte[] {9}))
        .hasMessage("No type of a key value: 9");
  }

  private static String hex(Object... values) {
    return HexFormat.of().formatHex(OrderedKey.of(Arrays.asList(values)));
  }
}
