package dev.shardstream.worker.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.http.QueryEnd;
import dev.shardstream.schemas.http.QueryHeader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an answer. Nothing reaches the stream before {@link #begin}, so an error before it
 * can still be the response's status.
 */
final class NdjsonAnswer implements StatementRunner.Answer {
  /** Flushes when a block is full, not after each value. */
  private static final ObjectWriter OBJECTS =
      Json.mapper().writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);

  private final Counting out;
  private final int blockRows;
  private final long mostBytes;
  private @Nullable JsonGenerator json;
  private int rowsInBlock;

  /**
   * @param blockRows rows that are sent at once
   * @param mostBytes of the answer, give or take a row
   */
  NdjsonAnswer(OutputStream out, int blockRows, long mostBytes) {
    this.out = new Counting(out);
    this.blockRows = blockRows;
    this.mostBytes = mostBytes;
  }

  boolean hasBegun() {
    return json != null;
  }

  @Override
  public void begin(QueryHeader header) {
    line(generator -> OBJECTS.writeValue(generator, header));
  }

  @Override
  public void row(List<@Nullable Object> values) {
    line(
        generator -> {
          generator.writeStartArray();
          for (Object value : values) {
            write(generator, value);
          }
          generator.writeEndArray();
        });
    if (out.bytes > mostBytes) {
      throw new ShardstreamException(ErrorCode.RESULT_TOO_LARGE, mostBytes);
    }
    rowsInBlock++;
    if (rowsInBlock == blockRows) {
      rowsInBlock = 0;
      flush();
    }
  }

  private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
    if (value instanceof String text) {
      generator.writeString(text);
    } else if (value instanceof Integer number) {
      generator.writeNumber(number);
    } else if (value instanceof Long number) {
      generator.writeNumber(number);
    } else {
      OBJECTS.writeValue(generator, JsonValues.encode(value));
    }
  }

  @Override
  public void end(long rows) {
    line(generator -> OBJECTS.writeValue(generator, new QueryEnd(rows)));
    flush();
  }

  /** The last line of an answer that could not be finished. */
  void fail(ErrorBody error) {
    line(generator -> OBJECTS.writeValue(generator, error));
    flush();
  }

  /** Knows how much has gone through it. */
  private static final class Counting extends FilterOutputStream {
    private long bytes;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
      bytes++;
    }

    @Override
    public void write(byte[] many, int from, int length) throws IOException {
      out.write(many, from, length);
      bytes += length;
    }
  }

  @FunctionalInterface
  private interface Line {
    void write(JsonGenerator generator) throws IOException;
  }

  private void line(Line line) {
    try {
      if (json == null) {
        json = Json.mapper().getFactory().createGenerator(out);
        json.setRootValueSeparator(null);
      }
      line.write(json);
      json.writeRaw('\n');
    } catch (IOException clientGone) {
      throw new UncheckedIOException(clientGone);
    }
  }

  private void flush() {
    try {
      if (json != null) {
        json.flush();
      }
    } catch (IOException clientGone) {
      throw new UncheckedIOException(clientGone);
    }
  }
}
