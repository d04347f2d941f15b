package dev.shardstream.streams.order;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which names lead to which, and since which place in the log. */
final class Links {
  private final Map<String, Map<String, Long>> links = new HashMap<>();

  void add(String from, String to, long sequence) {
    links.computeIfAbsent(from, f -> new HashMap<>()).merge(to, sequence, Math::min);
  }

  /** Names that some names lead to in one step, over links that are not later than a place. */
  Set<String> step(Collection<String> from, long until) {
    Set<String> reached = new LinkedHashSet<>();
    for (String name : from) {
      links
          .getOrDefault(name, Map.of())
          .forEach(
              (to, since) -> {
                if (since <= until) {
                  reached.add(to);
                }
              });
    }
    return reached;
  }

  /** Some names and all that they lead to in any number of steps. */
  Set<String> reach(Collection<String> from, long until) {
    Set<String> reached = new LinkedHashSet<>(from);
    Deque<String> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      for (String next : step(Set.of(open.poll()), until)) {
        if (reached.add(next)) {
          open.add(next);
        }
      }
    }
    return reached;
  }
}
