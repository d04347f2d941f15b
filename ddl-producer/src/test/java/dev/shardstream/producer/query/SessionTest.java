package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.Position;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionTest {
  private final Session session = new Session();

  @Test
  void the_furthest_position_of_each_partition_is_asked_for() {
    session.sawWrite("t", new Position(3, 10));
    session.sawRead("t", List.of(new Position(3, 7), new Position(1, 4), new Position(9, 1)));
    session.sawWrite("t", new Position(1, 5));

    assertThat(session.minPositions("t", Set.of(0, 1, 3)))
        .containsExactly(new Position(1, 5), new Position(3, 10));
  }

  @Test
  void a_table_that_was_not_seen_asks_for_nothing() {
    session.sawWrite("t", new Position(0, 1));

    assertThat(session.minPositions("u", Set.of(0))).isEmpty();
  }
}
