package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.contract.ShardstreamException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where snapshots lie: files under keys like {@code orders-1/complete}, whose parts are {@link
 * SnapshotNames#isPart safe}. Safe for use by several threads.
 */
public interface SnapshotStore extends AutoCloseable {
  /** Where it is, as users write it. */
  String place();

  /**
   * Stores a file, whole or not at all, durably, in the place of one that is there.
   *
   * @param file stays the caller's
   * @throws ShardstreamException SNAPSHOT_STORE
   */
  void put(String key, Path file);

  /**
   * Fetches a file.
   *
   * @param target a path without a file
   * @param mostBytes what is longer is refused
   * @return false when there is none
   * @throws ShardstreamException SNAPSHOT_STORE, SNAPSHOT_REFUSED for a link and for one that is
   *     too long
   */
  boolean get(String key, Path target, long mostBytes);

  /** Removes a file; no effect when there is none. */
  void delete(String key);

  /** Removes every file whose key has this first part, those of cut off writes too. */
  void deleteAll(String name);

  /** The first parts of all keys, sorted: names of snapshots, complete or not. */
  List<String> names();

  @Override
  void close();
}
