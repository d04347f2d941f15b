package dev.shardstream.benchmarks.ddl;

import java.util.Arrays;

/**
 * Durations of one kind, in nanoseconds.
 *
 * @param sorted ascending
 */
record Latencies(long[] sorted) {
  static Latencies of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Latencies(sorted);
  }

  /**
   * The least duration that so many percent do not exceed, in milliseconds.
   *
   * @param percent above 0, at most 100
   */
  double millis(double percent) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
