package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.TaskEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reports on their way to the control plane: in order from one sender, late, mixed with those of
 * others, now and then twice, and now and then once more when nobody waits for them any longer.
 * What a sender had not sent is lost with it, nothing else is.
 */
final class EventTopic {
  private final Dice dice;
  private static final int REMEMBERED = 200;

  private final Map<String, Deque<TaskEvent>> bySender = new TreeMap<>();
  private final List<TaskEvent> past = new ArrayList<>();

  EventTopic(Dice dice) {
    this.dice = dice;
  }

  void send(String sender, TaskEvent event) {
    bySender.computeIfAbsent(sender, s -> new ArrayDeque<>()).add(event);
  }

  void loseUnsent(String sender) {
    Deque<TaskEvent> sent = bySender.get(sender);
    if (sent != null && dice.oneIn(2)) {
      for (int lost = dice.below(1 + Math.min(6, sent.size())); lost > 0; lost--) {
        sent.pollLast();
      }
    }
  }

  int size() {
    return bySender.values().stream().mapToInt(Deque::size).sum();
  }

  /** One that arrives now; it comes again unless it is {@link #taken}. */
  Optional<TaskEvent> next() {
    List<Deque<TaskEvent>> some =
        bySender.values().stream().filter(sent -> !sent.isEmpty()).toList();
    return some.isEmpty() ? Optional.empty() : Optional.of(dice.any(some).getFirst());
  }

  /** One that was decided on before; empty when there is none. */
  Optional<TaskEvent> again() {
    return past.isEmpty() ? Optional.empty() : Optional.of(dice.any(past));
  }

  /** It was decided on. */
  void taken(TaskEvent event) {
    Deque<TaskEvent> sent = bySender.get(event.getReportedBy());
    if (sent != null && sent.peekFirst() == event) {
      sent.poll();
      past.add(event);
      if (past.size() > REMEMBERED) {
        past.remove(0);
      }
    }
  }
}
