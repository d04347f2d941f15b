package dev.shardstream.streams.livequery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.streams.coordinator.Coordinator;
import dev.shardstream.streams.coordinator.Event;
import dev.shardstream.streams.record.WatchedQuery;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveQueryWatchTest {
  private static final String TABLE = "shop-orders-1";

  private final DatabaseState state = new DatabaseState("shop");
  private long now = 1_000_000;

  private static LiveQuery query(String id, LiveQueryState queryState) {
    return new LiveQuery(
        id,
        "shop",
        TABLE,
        "orders",
        "SELECT id FROM orders",
        List.of(1),
        queryState,
        "test",
        1L,
        2L);
  }

  private void hear(String id, @Nullable LiveQuery query) {
    decide(new Event.LiveQueryHeard("shop/" + id, query));
  }

  private void pass(long millis) {
    now += millis;
    decide(new Event.Tick());
  }

  private void decide(Event event) {
    Coordinator.decide(
        state, event, new Moment(now, new Cluster(0, new TreeMap<>())), Limits.defaults());
  }

  @Test
  void a_live_query_counts_for_its_table_while_it_is_heard_of() {
    hear("q1", query("q1", LiveQueryState.ACTIVE));
    pass(9_999);
    hear("q1", query("q1", LiveQueryState.ACTIVE));
    pass(9_999);

    assertThat(state.liveQueries(TABLE))
        .containsExactly(new WatchedQuery("q1", TABLE, List.of(1), false, 1_009_999L));
    assertThat(state.liveQueries("shop-others-2")).isEmpty();
  }

  @Test
  void one_whose_subscriber_has_vanished_stops_counting_and_can_come_back() {
    hear("q1", query("q1", LiveQueryState.ACTIVE));
    pass(10_000);
    assertThat(state.liveQueries(TABLE)).isEmpty();
    assertThat(state.isInMotion()).isFalse();

    hear("q1", query("q1", LiveQueryState.ACTIVE));
    assertThat(state.liveQueries(TABLE)).hasSize(1);
  }

  @Test
  void one_that_has_ended_stops_counting_at_once() {
    hear("q1", query("q1", LiveQueryState.ACTIVE));
    hear("q1", null);

    assertThat(state.liveQueries(TABLE)).isEmpty();
    assertThat(state.isInMotion()).isFalse();
  }

  @Test
  void one_that_was_killed_never_comes_back() {
    hear("q1", query("q1", LiveQueryState.ACTIVE));
    hear("q1", query("q1", LiveQueryState.KILLED));
    hear("q1", query("q1", LiveQueryState.ACTIVE));
    pass(60_000);
    hear("q1", query("q1", LiveQueryState.ACTIVE));

    assertThat(state.liveQueries(TABLE)).isEmpty();
  }

  @Test
  void a_record_under_another_key_than_its_own_is_nobodys() {
    hear("q2", query("q1", LiveQueryState.ACTIVE));

    assertThat(state.watchedQueries()).isEmpty();
  }
}
