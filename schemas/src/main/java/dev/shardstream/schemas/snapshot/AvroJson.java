package dev.shardstream.schemas.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.serde.Events;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Events as Avro's JSON, which people can read, with the schema that they were written with beside
 * them, so that a later release can.
 */
final class AvroJson {
  static {
    Events.trust(Table.class);
    Events.trust(SchemaVersion.class);
  }

  private AvroJson() {}

  static <T extends SpecificRecordBase> JsonNode encode(T event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      JsonEncoder encoder = EncoderFactory.get().jsonEncoder(event.getSchema(), out);
      new SpecificDatumWriter<T>(event.getSchema()).write(event, encoder);
      encoder.flush();
      return Json.mapper().readTree(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param writer the schema that it was written with, as JSON
   * @param reader that of the class
   * @throws IOException when it is no such event
   */
  static <T extends SpecificRecordBase> T decode(JsonNode json, String writer, Schema reader)
      throws IOException {
    try {
      Schema written = new Schema.Parser().parse(writer);
      return new SpecificDatumReader<T>(written, reader)
          .read(null, DecoderFactory.get().jsonDecoder(written, json.toString()));
    } catch (AvroRuntimeException e) {
      throw new IOException(e);
    }
  }
}
