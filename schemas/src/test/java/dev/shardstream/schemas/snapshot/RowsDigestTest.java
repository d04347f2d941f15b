package dev.shardstream.schemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowsDigestTest {
  private static RowsDigest row(Object... values) {
    return RowsDigest.of(Arrays.asList(values));
  }

  @Test
  void values_that_sqlite_tells_apart_differ() {
    List<RowsDigest> all =
        List.of(
            row(1L),
            row(1.0),
            row("1"),
            row((Object) new byte[] {'1'}),
            row((Object) null),
            row(0.0),
            row(-0.0),
            row(""),
            row((Object) new byte[0]),
            row("a", "b"),
            row("ab", ""),
            row(1L, null),
            row(null, 1L));
    assertThat(new HashSet<>(all)).hasSize(all.size());
    assertThat(row(7)).isEqualTo(row(7L));
  }

  @Test
  void a_sum_forgets_the_order_and_nothing_else() {
    List<RowsDigest> rows = new ArrayList<>();
    for (long i = 0; i < 100; i++) {
      rows.add(row(i, "row " + i));
    }
    RowsDigest forwards = rows.stream().reduce(RowsDigest.NONE, RowsDigest::plus);
    RowsDigest backwards = RowsDigest.NONE;
    for (int i = rows.size() - 1; i >= 0; i--) {
      backwards = backwards.plus(rows.get(i));
    }
    assertThat(backwards).isEqualTo(forwards);
    Set<RowsDigest> others = new HashSet<>();
    rows.forEach(twice -> others.add(forwards.plus(twice)));
    assertThat(others).hasSize(100).doesNotContain(forwards);
  }

  @Test
  void its_text_has_thirty_two_digits_and_a_way_back() {
    for (BigInteger sum :
        List.of(
            BigInteger.ZERO,
            BigInteger.TEN,
            BigInteger.ONE.shiftLeft(127),
            BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE))) {
      String text = new RowsDigest(3, sum).text();
      assertThat(text).matches("[0-9a-f]{32}");
      assertThat(new BigInteger(text, 16)).isEqualTo(sum);
    }
  }
}
