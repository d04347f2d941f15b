package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.serde.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/** A snapshot in a directory, of files that only its manifest takes for slices. */
final class StoredSnapshot {
  static final String DATA = "data-0123456789abcdef0123456789abcdef";

  static {
    Events.trust(Table.class);
  }

  static final Table TABLE =
      Table.newBuilder()
          .setDatabase("shop")
          .setTableId("shop-users-1")
          .setName("users")
          .setSchemaVersion(3)
          .setStatus(TableStatus.ACTIVE)
          .setType(TableType.REGULAR)
          .setColumns(
              List.of(
                  new Column(1, "id", TypeName.BIGINT, null, false, null, null, null),
                  new Column(3, "price", TypeName.DOUBLE, null, true, -0.0, 1.5, "in €")))
          .setPrimaryKey(List.of(1))
          .setShardKey(List.of(1))
          .setStrategy(Strategy.HASH)
          .setPartitions(4)
          .setNextColumnId(4)
          .setCreatedAt(17)
          .build();

  private final Path root;
  private final DirectoryStore store;
  private final Path scratch;

  StoredSnapshot(Path directory) throws IOException {
    this.root = directory.resolve("kept");
    this.store = new DirectoryStore(root);
    this.scratch = Files.createDirectories(directory.resolve("scratch"));
  }

  DirectoryStore store() {
    return store;
  }

  Path file(String name, String key) {
    return root.resolve(name).resolve(key);
  }

  /** A manifest with a slice of one row for each virtual shard. */
  static SnapshotManifest manifest(String name) {
    List<SnapshotSlice> slices = new ArrayList<>();
    for (int v = 0; v < VirtualShards.COUNT; v++) {
      slices.add(slice(v, DATA + "/" + (v + 1) + ".sqlite"));
    }
    return manifest(name, slices);
  }

  static SnapshotManifest manifest(String name, List<SnapshotSlice> slices) {
    return new SnapshotManifest(
        1,
        name,
        1_000,
        "test",
        "kafka-1",
        2,
        List.of(),
        null,
        null,
        AvroJson.encode(TABLE),
        Table.getClassSchema().toString(),
        List.of(),
        SchemaVersion.getClassSchema().toString(),
        slices);
  }

  static SnapshotSlice slice(int virtualShard, String file) {
    return new SnapshotSlice(
        virtualShard,
        null,
        null,
        virtualShard / 64,
        10 + virtualShard,
        10 + virtualShard,
        1,
        RowsDigest.of(List.of((long) virtualShard)).text(),
        content(virtualShard).length(),
        HexFormat.of().formatHex(Snapshot.sha256(content(virtualShard))),
        file);
  }

  static String content(int virtualShard) {
    return "rows of " + virtualShard;
  }

  /** Puts everything but the marker. */
  SnapshotManifest putUnfinished(String name) throws IOException {
    SnapshotManifest manifest = manifest(name);
    for (SnapshotSlice slice : manifest.slices()) {
      put(name + "/" + slice.file(), content(slice.virtualShard()));
    }
    put(name + "/" + DATA + "/manifest.json", Json.write(manifest));
    return manifest;
  }

  SnapshotManifest put(String name) throws IOException {
    SnapshotManifest manifest = putUnfinished(name);
    mark(name, Json.write(manifest));
    return manifest;
  }

  /** Puts a manifest that is not what it was, under a marker that fits. */
  void putChanged(String name, UnaryOperator<String> change) throws IOException {
    String json = change.apply(Json.write(putUnfinished(name)));
    put(name + "/" + DATA + "/manifest.json", json);
    mark(name, json);
  }

  private void mark(String name, String json) throws IOException {
    put(
        name + "/complete",
        HexFormat.of().formatHex(Snapshot.sha256(json)) + " " + DATA + "/manifest.json\n");
  }

  /** Not through the store, which forces each file to the disk. */
  void put(String key, String text) throws IOException {
    Path file = root.resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  Path fetched() {
    return scratch.resolve("fetched");
  }
}
