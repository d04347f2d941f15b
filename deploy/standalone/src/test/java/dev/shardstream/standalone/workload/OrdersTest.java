package dev.shardstream.standalone.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrdersTest {
  @Test
  void the_first_order_is_that_of_the_benchmark() {
    assertThat(Orders.rows(1).toList())
        .isEqualTo(
            List.of(
                List.of(
                    1L,
                    370L,
                    "O",
                    172799.49,
                    "1996-01-02",
                    "5-LOW",
                    "Clerk#000000951",
                    0L,
                    "nstructions sleep furiously among ")));
  }

  @Test
  void it_gives_as_many_rows_with_ascending_keys_as_asked_for() {
    List<Long> keys = Orders.rows(20_000).map(row -> (Long) row.get(0)).toList();
    assertThat(keys).hasSize(20_000).isSorted().doesNotHaveDuplicates();
  }
}
