package dev.shardstream.producer.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.metadata.Owners;
import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogStartsTest {
  private static final Table RANGES = SampleTables.ranges(SampleTables.USERS);

  @Test
  void each_row_starts_where_its_own_shard_was_read() {
    LogStarts starts =
        LogStarts.of(
            Owners.of(SampleTables.ranges(RANGES, 1, List.of(List.of(100L)))),
            Map.of(
                0, List.of(new Position(3, 10), new Position(4, 7)),
                1, List.of(new Position(3, 20), new Position(4, 5))));
    RowPlace low = RowPlace.of(RANGES, List.of(99L));
    RowPlace high = RowPlace.of(RANGES, List.of(100L));

    assertThat(starts.first()).isEqualTo(Map.of(3, 10L, 4, 5L));
    assertThat(starts.precede(low, new Position(3, 9))).isFalse();
    assertThat(starts.precede(low, new Position(3, 10))).isTrue();
    assertThat(starts.precede(high, new Position(3, 19))).isFalse();
    assertThat(starts.precede(high, new Position(3, 20))).isTrue();
  }
}
