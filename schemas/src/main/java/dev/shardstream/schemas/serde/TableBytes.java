package dev.shardstream.schemas.serde;

import dev.shardstream.schemas.event.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * A table's definition for files that outlive a release: Avro's binary encoding, with the schema it
 * was written with kept beside it. No registry is needed to read it.
 */
public final class TableBytes {
  static {
    Events.trust(Table.class);
  }

  private TableBytes() {}

  /** The schema that {@link #encode} writes with, as JSON. */
  public static String schema() {
    return Table.getClassSchema().toString();
  }

  public static byte[] encode(Table table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new SpecificDatumWriter<>(Table.class).write(table, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * @param schema what {@link #schema} was when the bytes were written
   * @throws IOException when the bytes are not those of a table, or the schema is none
   */
  public static Table decode(String schema, byte[] value) throws IOException {
    try {
      return new SpecificDatumReader<Table>(
              new Schema.Parser().parse(schema), Table.getClassSchema())
          .read(null, DecoderFactory.get().binaryDecoder(value, null));
    } catch (AvroRuntimeException e) {
      throw new IOException(e);
    }
  }
}
