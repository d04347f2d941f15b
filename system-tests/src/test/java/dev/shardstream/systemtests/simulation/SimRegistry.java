package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowCodec;
import dev.shardstream.schemas.row.RowSchema;
import dev.shardstream.schemas.serde.Registry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** A schema registry in memory. */
final class SimRegistry implements Registry {
  private final List<Schema> schemas = new ArrayList<>();
  private final Map<Schema, Integer> ids = new HashMap<>();
  private final Map<String, Writing> writings = new HashMap<>();

  /** What a writer of one version of a table encodes with. */
  record Writing(RowCodec codec, int schemaId) {}

  /**
   * What a writer that sees a version of a table encodes with.
   *
   * @throws Violation when that version was not registered before the writer could see it
   */
  Writing writing(Table table) {
    return writings.computeIfAbsent(
        table.getTableId() + "/" + table.getSchemaVersion(),
        key -> {
          Schema schema = RowSchema.of(table);
          Integer id = ids.get(schema);
          if (id == null) {
            throw new Violation("I5", "a writer sees " + key + ", which has no schema");
          }
          return new Writing(RowCodec.of(table), id);
        });
  }

  @Override
  public int register(String subject, Schema schema) {
    Integer known = ids.get(schema);
    if (known != null) {
      return known;
    }
    schemas.add(schema);
    ids.put(schema, schemas.size());
    return schemas.size();
  }

  @Override
  public Optional<Schema> byId(int id) {
    return id < 1 || id > schemas.size() ? Optional.empty() : Optional.of(schemas.get(id - 1));
  }

  @Override
  public void requireBackwardCompatibility(String subject) {}

  @Override
  public void deleteSubject(String subject) {}

  @Override
  public void close() {}
}
