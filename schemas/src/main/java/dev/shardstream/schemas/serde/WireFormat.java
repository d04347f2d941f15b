package dev.shardstream.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Confluent's wire format: byte 0, the schema's registry id in four bytes big-endian, Avro. */
public final class WireFormat {
  private static final int HEADER = 5;

  private WireFormat() {}

  /** Writes a record under the id that its schema has in the registry. */
  public static <T> byte[] encode(int schemaId, T record, DatumWriter<T> writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.write(0);
    out.writeBytes(ByteBuffer.allocate(4).putInt(schemaId).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      writer.write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Writes a generic record. */
  public static byte[] encode(int schemaId, GenericRecord record) {
    return encode(schemaId, record, new GenericDatumWriter<>(record.getSchema()));
  }

  /**
   * The registry id in a record's header.
   *
   * @throws MalformedRecordException when the bytes do not begin with that header
   */
  public static int schemaId(byte[] bytes) {
    if (bytes.length < HEADER || bytes[0] != 0) {
      throw new MalformedRecordException("no Confluent wire format header");
    }
    return ByteBuffer.wrap(bytes, 1, 4).getInt();
  }

  /**
   * Reads the Avro behind the header.
   *
   * @throws MalformedRecordException when the bytes are not a record of the reader's schema
   */
  public static <T> T decode(byte[] bytes, DatumReader<T> reader) {
    schemaId(bytes);
    try {
      return reader.read(
          null, DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null));
    } catch (IOException | RuntimeException e) {
      throw new MalformedRecordException("not a record of its schema: " + e.getMessage(), e);
    }
  }

  /** Reads a generic record under its writer's schema. */
  public static GenericRecord decode(byte[] bytes, Schema writer) {
    return decode(bytes, new GenericDatumReader<>(writer));
  }
}
