package dev.shardstream.producer.query;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.http.QueryEnd;
import dev.shardstream.schemas.http.QueryHeader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the NDJSON of an answer, value by value: it may be larger than memory. */
final class AnswerReader {
  private final JsonParser json;
  private final ShardClient.AnswerSink sink;
  private boolean hasHeader;
  private long rows;

  private AnswerReader(JsonParser json, ShardClient.AnswerSink sink) {
    this.json = json;
    this.sink = sink;
  }

  /**
   * Gives an answer to a sink.
   *
   * @return the error that it ends with; empty when it is complete
   * @throws IOException when it is cut off or no answer at all
   */
  static Optional<ErrorBody> read(InputStream body, ShardClient.AnswerSink sink)
      throws IOException {
    try (JsonParser json = Json.mapper().createParser(body)) {
      return new AnswerReader(json, sink).read();
    } catch (JsonEOFException e) {
      throw new IOException("the answer was cut off", e);
    } catch (JsonProcessingException e) {
      throw new IOException("the answer is not one of a shard", e);
    }
  }

  private Optional<ErrorBody> read() throws IOException {
    for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
      if (token == JsonToken.START_ARRAY && hasHeader) {
        sink.row(row());
        rows++;
        continue;
      }
      if (token != JsonToken.START_OBJECT) {
        throw new IOException("the answer is not one of a shard");
      }
      JsonNode line = json.readValueAsTree();
      if (line.has("code")) {
        return Optional.of(Json.mapper().treeToValue(line, ErrorBody.class));
      }
      if (hasHeader) {
        long sent = Json.mapper().treeToValue(line, QueryEnd.class).rows();
        if (sent != rows) {
          throw new IOException("the answer has " + rows + " of " + sent + " rows");
        }
        return Optional.empty();
      }
      sink.header(Json.mapper().treeToValue(line, QueryHeader.class));
      hasHeader = true;
    }
    throw new IOException("the answer was cut off");
  }

  private List<@Nullable Object> row() throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token == null) {
        throw new IOException("the answer was cut off");
      }
      values.add(
          switch (token) {
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> (Object) json.getLongValue();
            case VALUE_NUMBER_FLOAT -> (Object) json.getDoubleValue();
            case VALUE_STRING -> json.getText();
            default -> JsonValues.decode(json.readValueAsTree());
          });
    }
    return values;
  }
}
