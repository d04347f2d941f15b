package dev.shardstream.streams;

import dev.shardstream.streams.topology.ControlMetrics;
import java.time.Duration;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets another stream thread go on where one has failed (KIP-671), without end while only the disk
 * is full. Kafka Streams calls it in the thread that has failed, and throws the failure out of that
 * thread afterwards.
 */
final class StreamThreadFailures implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(StreamThreadFailures.class);

  /** A thread that finds no room waits for it: another one would fail at once. */
  private static final Duration ROOM_PATIENCE = Duration.ofSeconds(10);

  private final ThreadReplacements replacements;
  private final StateDisk disk;
  private final ControlMetrics metrics;

  StreamThreadFailures(ThreadReplacements replacements, StateDisk disk, ControlMetrics metrics) {
    this.replacements = replacements;
    this.disk = disk;
    this.metrics = metrics;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    boolean full = disk.isFull();
    boolean replace = full || replacements.mayReplace(failure);
    LOG.error("streams.thread.failed replaced={} disk_full={}", replace, full, failure);
    metrics.threadReplaced();
    // What a thread throws ends the process, but this is dealt with here.
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (thread, same) -> LOG.debug("streams.thread.ended thread={}", thread.getName(), same));
    disk.awaitRoom(ROOM_PATIENCE);
    return replace
        ? StreamThreadExceptionResponse.REPLACE_THREAD
        : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }
}
