package dev.shardstream.standalone.demo;

import java.util.List;
import java.util.Map;

/**
 * What the demo saw, as JSON.
 *
 * @param rows rows in the table at the end
 * @param sourceShards shards before
 * @param targetShards shards after
 * @param writesAcknowledged acknowledged writes of the live writers, all told
 * @param writesDuringReshard those between the command and the end of the cleanup
 * @param writesRejected writes that the table refused, all of which had to be refused
 * @param lost acknowledged rows that the table lacks
 * @param duplicated rows that the table has more than once
 * @param differing rows that are not as acknowledged, or refused or accepted against the rules
 * @param readErrors reads that failed
 * @param readAnomalies reads that returned what the table never held, or went back in time
 * @param maxAckGapMillis longest time without an acknowledgement during the reshard
 * @param maxReadStalenessMillis age of the stalest read during the reshard
 * @param copyRows rows copied
 * @param copyRowsLocal of these, rows copied from a shard of the same node
 * @param copyRowsPerSecond rows copied per second of the copying phase
 * @param replayedChanges changes that targets applied after their copy
 * @param digestsCompared virtual shards compared before the cutover
 * @param verifyMismatches of these, the ones that differed
 * @param phases milliseconds in each phase
 * @param reshardMillis milliseconds from the command to the end of the cleanup
 * @param reads reads that were answered
 * @param examples differences, errors and anomalies in words, at most ten of each kind
 */
public record DemoReport(
    long rows,
    int sourceShards,
    int targetShards,
    long writesAcknowledged,
    long writesDuringReshard,
    long writesRejected,
    long lost,
    long duplicated,
    long differing,
    long readErrors,
    long readAnomalies,
    long maxAckGapMillis,
    long maxReadStalenessMillis,
    long copyRows,
    long copyRowsLocal,
    long copyRowsPerSecond,
    long replayedChanges,
    int digestsCompared,
    int verifyMismatches,
    Map<String, Long> phases,
    long reshardMillis,
    long reads,
    List<String> examples) {

  /** Whether nothing was lost, doubled, changed or read wrong. */
  public boolean clean() {
    return lost == 0 && duplicated == 0 && differing == 0 && readErrors == 0 && readAnomalies == 0;
  }
}
