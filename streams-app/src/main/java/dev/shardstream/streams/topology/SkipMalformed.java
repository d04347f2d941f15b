package dev.shardstream.streams.topology;

import dev.shardstream.schemas.serde.MalformedRecordException;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes over records that are no events: their bytes will never be any. Anything else, like a
 * registry that does not answer, stops the thread, so that no command is lost.
 */
public final class SkipMalformed implements DeserializationExceptionHandler {
  /** Name under which {@link ControlMetrics} is configured. */
  public static final String METRICS = "shardstream.metrics";

  private static final Logger LOG = LoggerFactory.getLogger(SkipMalformed.class);

  private @Nullable ControlMetrics metrics;

  @Override
  public void configure(Map<String, ?> configs) {
    metrics = configs.get(METRICS) instanceof ControlMetrics given ? given : null;
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof MalformedRecordException) {
        LOG.error(
            "record.malformed topic={} partition={} offset={} reason={}",
            record.topic(),
            record.partition(),
            record.offset(),
            cause.getMessage());
        if (metrics != null) {
          metrics.malformed(record.topic());
        }
        return Response.resume();
      }
    }
    return Response.fail();
  }
}
