package dev.shardstream.worker.decide;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The part of a batch that is committed at once. It ends, in each partition, at the first fence
 * that someone waits for, so that the shard stands exactly there when the digest's snapshot opens,
 * and at the first rule, so that the same rules hold for all of its changes of a virtual shard.
 *
 * @param entries in log order of each partition
 * @param fences by partition, the fence that someone waits for at which the segment ends there
 */
public record Segment(List<LogEntry> entries, Map<Integer, LogEntry.Fenced> fences) {

  /**
   * Cuts a batch.
   *
   * @param entries in log order of each partition
   * @param armed whether someone waits for a fence of that id
   * @return segments in order; the last one ends with the batch
   */
  public static List<Segment> cut(List<LogEntry> entries, Predicate<String> armed) {
    List<Segment> segments = new ArrayList<>();
    List<LogEntry> rest = entries;
    while (true) {
      List<LogEntry> taken = new ArrayList<>();
      List<LogEntry> left = new ArrayList<>();
      Map<Integer, LogEntry.Fenced> fences = new HashMap<>();
      Set<Integer> ended = new HashSet<>();
      for (LogEntry entry : rest) {
        if (ended.contains(entry.partition())) {
          left.add(entry);
          continue;
        }
        taken.add(entry);
        if (entry instanceof LogEntry.Fenced fence && armed.test(fence.fenceId())) {
          fences.put(fence.partition(), fence);
          ended.add(fence.partition());
        } else if (entry instanceof LogEntry.Ruled) {
          ended.add(entry.partition());
        }
      }
      segments.add(new Segment(List.copyOf(taken), Map.copyOf(fences)));
      if (ended.isEmpty()) {
        return segments;
      }
      rest = left;
    }
  }

  /** By partition, the offset behind the segment's last entry. */
  public Map<Integer, Long> reached() {
    Map<Integer, Long> reached = new HashMap<>();
    entries.forEach(entry -> reached.put(entry.partition(), entry.offset() + 1));
    return reached;
  }

  /** The changes among the entries, in order. */
  public List<LoggedChange> changes() {
    return entries.stream()
        .filter(LogEntry.Changed.class::isInstance)
        .map(entry -> ((LogEntry.Changed) entry).change())
        .toList();
  }

  /** The rules among the entries, each the last of its partition. */
  public List<LogEntry.Ruled> rules() {
    return entries.stream()
        .filter(LogEntry.Ruled.class::isInstance)
        .map(LogEntry.Ruled.class::cast)
        .toList();
  }

  /** The unreadable records among the entries, in order. */
  public List<LogEntry.Unreadable> unreadable() {
    return entries.stream()
        .filter(LogEntry.Unreadable.class::isInstance)
        .map(LogEntry.Unreadable.class::cast)
        .toList();
  }
}
