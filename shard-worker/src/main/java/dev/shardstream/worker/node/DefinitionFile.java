package dev.shardstream.worker.node;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * What a shard is, in a file beside its database, from the moment on at which it follows the log:
 * with the log that is all it takes to make the database anew. The table in it may be outdated, as
 * the catalog has the newest one.
 */
record DefinitionFile(Path path) {
  static {
    Events.trust(CreateShard.class);
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** Writes it, all or nothing. */
  void write(ShardDefinition definition) throws IOException {
    Path written = path.resolveSibling(path.getFileName() + ".new");
    try (DataFileWriter<CreateShard> out =
        new DataFileWriter<>(new SpecificDatumWriter<>(CreateShard.class))) {
      out.create(CreateShard.getClassSchema(), written.toFile());
      out.append(
          new CreateShard(
              definition.ref().shardId(),
              definition.table(),
              definition.virtualShards(),
              true,
              definition.range(),
              null));
      out.fSync();
    }
    Files.move(written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The shard, from the start of its log. */
  ShardDefinition read() throws IOException {
    try (DataFileReader<CreateShard> in =
        new DataFileReader<>(path.toFile(), new SpecificDatumReader<>(CreateShard.class))) {
      CreateShard create = in.next();
      return new ShardDefinition(
          new ShardRef(create.getTable().getTableId(), create.getShardId()),
          create.getTable(),
          create.getVirtualShards(),
          KeyRanges.orAll(create.getRange()),
          ShardState.APPLYING);
    }
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
