package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes one snapshot. The marker is written last, so that one that was cut off leaves nothing that
 * is a snapshot. Slices may be put by several threads.
 */
public final class SnapshotWriter {
  private final SnapshotStore store;
  private final String name;
  private final String data = "data-" + UUID.randomUUID().toString().replace("-", "");
  private final AtomicInteger files = new AtomicInteger();
  private final ConcurrentLinkedDeque<String> put = new ConcurrentLinkedDeque<>();

  /**
   * @param store stays the caller's
   * @param name of the snapshot, which is not there yet
   */
  public SnapshotWriter(SnapshotStore store, String name) {
    this.store = store;
    this.name = name;
  }

  /**
   * What the manifest will say of a slice.
   *
   * @param range the shard keys in it
   * @param partition of the table's log
   * @param position the first offset whose change may not be in it
   * @param lastPosition the first offset whose change is not in it
   * @param content the slice
   */
  public SnapshotSlice entry(
      int virtualShard,
      KeyRange range,
      int partition,
      long position,
      long lastPosition,
      RowsDigest digest,
      Path content)
      throws IOException {
    return new SnapshotSlice(
        virtualShard,
        SnapshotSlice.encoded(range.getFrom()),
        SnapshotSlice.encoded(range.getTo()),
        partition,
        position,
        lastPosition,
        digest.rows(),
        digest.text(),
        Files.size(content),
        Snapshot.sha256(content),
        data + "/" + files.incrementAndGet() + ".sqlite");
  }

  /**
   * Stores a slice.
   *
   * @param content stays the caller's
   * @throws ShardstreamException SNAPSHOT_STORE
   */
  public void put(SnapshotSlice slice, Path content) {
    put(slice.file(), content);
  }

  private void put(String file, Path content) {
    put.add(file);
    store.put(name + "/" + file, content);
  }

  /**
   * Stores the manifest, then the marker that makes it one: whoever sees the marker sees
   * everything.
   *
   * @param manifest of what was put
   * @throws ShardstreamException SNAPSHOT_STORE
   */
  public void commit(SnapshotManifest manifest) {
    String json = Json.write(manifest);
    String file = data + "/" + SnapshotNames.MANIFEST;
    putText(file, json);
    putText(
        SnapshotNames.COMPLETE,
        HexFormat.of().formatHex(Snapshot.sha256(json)) + " " + file + "\n");
  }

  private void putText(String file, String text) {
    try {
      Path content = Files.createTempFile("shardstream-snapshot", ".txt");
      try {
        Files.writeString(content, text);
        put(file, content);
      } finally {
        Files.delete(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes what was put and nobody will ever read, a marker that may have come first. A store that
   * is away keeps it, and it harms nobody.
   */
  public void discard() {
    for (Iterator<String> file = put.descendingIterator(); file.hasNext(); ) {
      try {
        store.delete(name + "/" + file.next());
      } catch (ShardstreamException away) {
        return;
      }
    }
  }
}
