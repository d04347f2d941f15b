package dev.shardstream.streams.order;

import dev.shardstream.streams.record.CommandProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Commands that wait for one that has not come, by the time since which they wait. */
final class Orphans {
  private record Since(long receivedAt, long sequence) implements Comparable<Since> {
    @Override
    public int compareTo(Since other) {
      int byTime = Long.compare(receivedAt, other.receivedAt);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  private final NavigableMap<Since, String> byTime = new TreeMap<>();
  private final Map<String, Since> times = new HashMap<>();

  void add(String id, CommandProgress progress) {
    Since since = new Since(progress.getReceivedAt(), progress.getSequence());
    byTime.put(since, id);
    times.put(id, since);
  }

  void remove(String id) {
    Since since = times.remove(id);
    if (since != null) {
      byTime.remove(since);
    }
  }

  /** Those that were received at a time or before. */
  List<String> receivedUntil(long time) {
    return List.copyOf(byTime.headMap(new Since(time, Long.MAX_VALUE), true).values());
  }
}
