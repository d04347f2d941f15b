package dev.shardstream.schemas.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Consecutive virtual shards.
 *
 * @param first the first one, 0 to 255
 * @param last the last one, inclusive
 */
public record ShardRange(int first, int last) {
  public ShardRange {
    if (first < 0 || last >= VirtualShards.COUNT || first > last) {
      throw new IllegalArgumentException("No such range: " + first + "-" + last);
    }
  }

  /**
   * Splits all virtual shards into ranges whose sizes differ by one at most.
   *
   * @param count 1 to 256
   */
  public static List<ShardRange> split(int count) {
    if (count < 1 || count > VirtualShards.COUNT) {
      throw new ShardstreamException(ErrorCode.INVALID_SHARD_COUNT, count);
    }
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new ShardRange(
                    i * VirtualShards.COUNT / count, (i + 1) * VirtualShards.COUNT / count - 1))
        .toList();
  }

  /** The virtual shards in it, ascending. */
  public List<Integer> virtualShards() {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  /** Ascending virtual shards as a person reads them, like {@code 0-63,70}. */
  public static String format(List<Integer> virtualShards) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from < virtualShards.size()) {
      int to = from;
      while (to + 1 < virtualShards.size()
          && virtualShards.get(to + 1) == virtualShards.get(to) + 1) {
        to++;
      }
      int first = virtualShards.get(from);
      int last = virtualShards.get(to);
      parts.add(first == last ? Integer.toString(first) : first + "-" + last);
      from = to + 1;
    }
    return String.join(",", parts);
  }
}
