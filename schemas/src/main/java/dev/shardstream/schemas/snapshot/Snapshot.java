package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A complete snapshot in a store. */
public final class Snapshot {
  private static final long MOST_MARKER_BYTES = 1024;
  private static final long MOST_MANIFEST_BYTES = 256L << 20;

  private final SnapshotStore store;
  private final SnapshotManifest manifest;

  private Snapshot(SnapshotStore store, SnapshotManifest manifest) {
    this.store = store;
    this.manifest = manifest;
  }

  /** Whether a snapshot of that name is complete, whatever is in it. */
  public static boolean exists(SnapshotStore store, String name) {
    return text(store, name + "/" + SnapshotNames.COMPLETE, MOST_MARKER_BYTES).isPresent();
  }

  /**
   * The complete snapshots of a store, in no order.
   *
   * @param store stays the caller's
   * @param unusable gets the name of each snapshot that cannot be read, and why; may throw it
   */
  public static List<Snapshot> all(
      SnapshotStore store, BiConsumer<String, ShardstreamException> unusable) {
    List<Snapshot> found = new ArrayList<>();
    for (String name : store.names()) {
      try {
        found.add(open(store, name));
      } catch (ShardstreamException failure) {
        if (failure.code() != ErrorCode.SNAPSHOT_NOT_FOUND) {
          unusable.accept(name, failure);
        }
      }
    }
    return found;
  }

  /**
   * Reads and checks the manifest of a snapshot.
   *
   * @param store stays the caller's
   * @throws ShardstreamException SNAPSHOT_NOT_FOUND, SNAPSHOT_DAMAGED, SNAPSHOT_REFUSED,
   *     SNAPSHOT_STORE
   */
  public static Snapshot open(SnapshotStore store, String name) {
    SnapshotNames.requireName(name);
    String marker =
        text(store, name + "/" + SnapshotNames.COMPLETE, MOST_MARKER_BYTES)
            .orElseThrow(
                () -> new ShardstreamException(ErrorCode.SNAPSHOT_NOT_FOUND, name, store.place()));
    String[] words = marker.strip().split(" ", -1);
    if (words.length != 2 || !words[0].matches("[0-9a-f]{64}")) {
      throw damaged(name, SnapshotNames.COMPLETE, "it is no marker");
    }
    if (!SnapshotNames.isManifest(words[1])) {
      throw new ShardstreamException(
          ErrorCode.SNAPSHOT_REFUSED,
          "Snapshot '" + name + "'",
          "its marker names '" + words[1] + "', which is no manifest");
    }
    String json =
        text(store, name + "/" + words[1], MOST_MANIFEST_BYTES)
            .orElseThrow(() -> damaged(name, words[1], "it is missing"));
    if (!words[0].equals(HexFormat.of().formatHex(sha256(json)))) {
      throw damaged(name, words[1], "it has another checksum than when it was written");
    }
    return new Snapshot(store, parsed(name, words[1], json).requireSound(name));
  }

  /**
   * Deletes it.
   *
   * @throws ShardstreamException SNAPSHOT_STORE
   */
  public void delete() {
    delete(store, manifest.name());
  }

  /** The marker first, so that one whose deletion was cut off is none. */
  private static void delete(SnapshotStore store, String name) {
    store.delete(name + "/" + SnapshotNames.COMPLETE);
    store.deleteAll(name);
  }

  /**
   * Deletes what is no snapshot any more, or never became one: damaged, or cut off.
   *
   * @param store stays the caller's
   * @return why it cannot be read
   * @throws ShardstreamException INVALID_ARGUMENT when it can be read, SNAPSHOT_NOT_FOUND when
   *     nothing is there, SNAPSHOT_STORE
   */
  public static String deleteUnreadable(SnapshotStore store, String name) {
    try {
      open(store, name);
    } catch (ShardstreamException unusable) {
      boolean isIncomplete = unusable.code() == ErrorCode.SNAPSHOT_NOT_FOUND;
      if (isUnreadable(unusable) || (isIncomplete && store.names().contains(name))) {
        delete(store, name);
        return String.valueOf(unusable.getMessage());
      }
      throw unusable;
    }
    throw new ShardstreamException(
        ErrorCode.INVALID_ARGUMENT,
        "snapshot '" + name + "' can be read: delete it as every other one");
  }

  /** Whether a failure says that a snapshot is of no use, rather than that its store is away. */
  public static boolean isUnreadable(ShardstreamException failure) {
    return failure.code() == ErrorCode.SNAPSHOT_DAMAGED
        || failure.code() == ErrorCode.SNAPSHOT_REFUSED;
  }

  private static SnapshotManifest parsed(String name, String file, String json) {
    try {
      return Json.read(json, SnapshotManifest.class);
    } catch (ShardstreamException notJson) {
      throw damaged(name, file, String.valueOf(notJson.getMessage())).causedBy(notJson);
    }
  }

  static byte[] sha256(String text) {
    return RowsDigest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> text(SnapshotStore store, String key, long mostBytes) {
    try {
      Path directory = Files.createTempDirectory("shardstream-snapshot");
      Path file = directory.resolve("text");
      try {
        // Not as UTF-8 that must be right: a damaged byte is to be found by its checksum.
        return store.get(key, file, mostBytes)
            ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
            : Optional.empty();
      } finally {
        Files.deleteIfExists(file);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is in it. */
  public SnapshotManifest manifest() {
    return manifest;
  }

  /**
   * Fetches a slice and compares it with its checksum.
   *
   * @param target a path without a file; the caller deletes it
   * @throws ShardstreamException SNAPSHOT_DAMAGED that names the file, SNAPSHOT_REFUSED,
   *     SNAPSHOT_STORE
   */
  public void fetch(SnapshotSlice slice, Path target) {
    String key = manifest.name() + "/" + slice.file();
    if (!store.get(key, target, Math.max(slice.bytes(), 1))) {
      throw damaged(manifest.name(), slice.file(), "it is missing");
    }
    try {
      if (Files.size(target) != slice.bytes()) {
        throw damaged(
            manifest.name(),
            slice.file(),
            "it has " + Files.size(target) + " bytes, not " + slice.bytes());
      }
      if (!sha256(target).equals(slice.sha256())) {
        throw damaged(
            manifest.name(), slice.file(), "it has another checksum than when it was written");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SHA-256 of a file, hexadecimal. */
  static String sha256(Path file) throws IOException {
    MessageDigest sha = RowsDigest.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  static ShardstreamException damaged(String snapshot, String file, String what) {
    return new ShardstreamException(ErrorCode.SNAPSHOT_DAMAGED, snapshot, file, what);
  }
}
