package dev.shardstream.streams.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventHubTest {
  private final EventHub hub = new EventHub("h", 3, 2);

  @Test
  void a_watcher_gets_what_is_published_while_it_watches() throws Exception {
    try (EventHub.Watcher watcher = hub.watch(null)) {
      hub.publish("table", 1);
      hub.tell("nodes", 2);

      assertThat(drained(watcher))
          .containsExactly(
              new LiveEvent("h-0", "reset", "{}"),
              new LiveEvent("h-1", "table", "1"),
              new LiveEvent(null, "nodes", "2"));
      assertThat(hub.isWatched()).isTrue();
    }
    assertThat(hub.isWatched()).isFalse();
  }

  @Test
  void one_who_was_away_for_long_or_at_another_process_begins_anew() throws Exception {
    for (int at = 1; at <= 5; at++) {
      hub.publish("table", at);
    }

    assertThat(drained(hub.watch("h-3"))).extracting(LiveEvent::json).containsExactly("4", "5");
    try (EventHub.Watcher late = hub.watch("h-1")) {
      assertThat(drained(late)).containsExactly(new LiveEvent("h-5", "reset", "{}"));
    }
    try (EventHub.Watcher foreign = hub.watch("g-4")) {
      assertThat(drained(foreign)).containsExactly(new LiveEvent("h-5", "reset", "{}"));
    }
    try (EventHub.Watcher current = hub.watch("h-5")) {
      assertThat(drained(current)).isEmpty();
    }
  }

  @Test
  void only_the_last_picture_of_the_nodes_waits_for_a_slow_watcher() throws Exception {
    EventHub.Watcher watcher = hub.watch("h-0");
    hub.tell("nodes", 1);
    hub.tell("nodes", 2);

    assertThat(drained(watcher)).containsExactly(new LiveEvent(null, "nodes", "2"));
  }

  @Test
  void a_watcher_that_does_not_keep_up_is_told_so_and_holds_nobody_up() {
    EventHub.Watcher watcher = hub.watch("h-0");
    for (int at = 0; at < 4; at++) {
      hub.publish("table", at);
    }

    assertThat(watcher.isOverrun()).isTrue();
  }

  @Test
  void after_a_gap_nobody_goes_on_from_before() throws Exception {
    hub.publish("table", 1);
    hub.reset();

    assertThat(drained(hub.watch("h-1"))).containsExactly(new LiveEvent("h-2", "reset", "{}"));
  }

  @Test
  void there_are_only_so_many_watchers() {
    hub.watch(null);
    hub.watch(null);

    assertThatThrownBy(() -> hub.watch(null))
        .hasMessage("Too many watchers of events at once: at most 2. Try again in a moment");
  }

  private static List<LiveEvent> drained(EventHub.Watcher watcher) throws InterruptedException {
    List<LiveEvent> events = new ArrayList<>();
    LiveEvent event = watcher.next(0, TimeUnit.MILLISECONDS);
    while (event != null) {
      events.add(event);
      event = watcher.next(0, TimeUnit.MILLISECONDS);
    }
    return events;
  }
}
