package dev.shardstream.streams;

import dev.shardstream.streams.topology.ControlMetrics;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets another stream thread go on where one has failed (KIP-671). Kafka Streams calls it in the
 * thread that has failed, and throws the failure out of that thread afterwards.
 */
final class StreamThreadFailures implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(StreamThreadFailures.class);

  private final ThreadReplacements replacements;
  private final ControlMetrics metrics;

  StreamThreadFailures(ThreadReplacements replacements, ControlMetrics metrics) {
    this.replacements = replacements;
    this.metrics = metrics;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    boolean replace = replacements.mayReplace(failure);
    LOG.error("streams.thread.failed replaced={}", replace, failure);
    metrics.threadReplaced();
    // What a thread throws ends the process, but this is dealt with here.
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (thread, same) -> LOG.debug("streams.thread.ended thread={}", thread.getName(), same));
    return replace
        ? StreamThreadExceptionResponse.REPLACE_THREAD
        : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }
}
