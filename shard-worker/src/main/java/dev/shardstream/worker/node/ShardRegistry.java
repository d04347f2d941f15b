package dev.shardstream.worker.node;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.ReaderPool;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import dev.shardstream.worker.shard.SystemTables;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards of this node. Shards come and go by one thread, the task loop's, except that a copy's
 * thread lets its shard start; any thread looks them up.
 */
public final class ShardRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardRegistry.class);

  private final DataDirectory directory;
  private final ShardFile.Settings settings;
  private final int readersPerShard;
  private final AppliersFactory appliers;
  private final Executor notifications;
  private final Runnable changed;
  private final NavigableMap<ShardRef, HostedShard> shards =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(ShardRef::tableId).thenComparing(ShardRef::shardId));

  /** Makes the applier of a shard; it is not started. */
  @FunctionalInterface
  public interface AppliersFactory {
    Applier make(ShardFile file, PositionBoard board);
  }

  /**
   * @param notifications runs what waiters for positions do next
   * @param changed called whenever a shard comes, goes or changes its state
   */
  public ShardRegistry(
      DataDirectory directory,
      ShardFile.Settings settings,
      int readersPerShard,
      AppliersFactory appliers,
      Executor notifications,
      Runnable changed) {
    this.directory = directory;
    this.settings = settings;
    this.readersPerShard = readersPerShard;
    this.appliers = appliers;
    this.notifications = notifications;
    this.changed = changed;
  }

  /** Opens what is in the data directory; shards that were applying go on. */
  public void openAll() throws SQLException, IOException {
    for (Path path : directory.shardFiles()) {
      Optional<ShardFile> file = ShardFile.open(path, settings);
      if (file.isEmpty() || directory.isDropped(file.get().ref())) {
        LOG.info("shard.discarded file={}", path);
        if (file.isPresent()) {
          file.get().close();
        }
        ShardFile.deleteFiles(path);
      } else {
        HostedShard shard = host(file.get());
        if (!shard.isCopying()) {
          startApplying(shard);
        }
      }
    }
  }

  private HostedShard host(ShardFile file) throws SQLException {
    HostedShard shard =
        new HostedShard(
            file,
            new ReaderPool(file, readersPerShard),
            new PositionBoard(
                file.ref(), SystemTables.readPositions(file.writer()), notifications));
    shards.put(file.ref(), shard);
    LOG.info(
        "shard.hosted shard={} state={} virtual_shards={}",
        file.ref(),
        file.definition().state(),
        file.definition().virtualShards().size());
    return shard;
  }

  /** All shards, by name. */
  public Collection<HostedShard> all() {
    return List.copyOf(shards.values());
  }

  public Optional<HostedShard> find(ShardRef ref) {
    return Optional.ofNullable(shards.get(ref));
  }

  /**
   * @throws ShardstreamException STALE_TOPOLOGY when it is not held here
   */
  public HostedShard require(ShardRef ref) {
    return find(ref).orElseThrow(() -> new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref));
  }

  /**
   * Makes a shard; an APPLYING one follows the log at once. No effect when it is there.
   *
   * @throws ShardstreamException STALE_TOPOLOGY when it was dropped before
   */
  public void create(ShardDefinition definition) throws SQLException, IOException {
    ShardRef ref = definition.ref();
    if (directory.isDropped(ref)) {
      throw new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref);
    }
    if (shards.containsKey(ref)) {
      return;
    }
    HostedShard shard = host(ShardFile.create(directory.shardFile(ref), settings, definition));
    if (!shard.isCopying()) {
      startApplying(shard);
    }
    changed.run();
  }

  /** Lets a shard follow the log; no effect when it does. */
  public void startApplying(HostedShard shard) throws SQLException {
    if (shard.applier().isEmpty()) {
      shard.start(appliers.make(shard.file(), shard.board()));
      changed.run();
    }
  }

  /** Makes the shards of a table look for another definition of it. */
  public void wake(String tableId) {
    ShardRef first = new ShardRef(tableId, 0);
    ShardRef last = new ShardRef(tableId, Integer.MAX_VALUE);
    shards
        .subMap(first, true, last, true)
        .values()
        .forEach(shard -> shard.applier().ifPresent(Applier::wake));
  }

  /** Stops a shard, deletes its files and never lets it come back. No effect when it is gone. */
  public void drop(ShardRef ref) throws SQLException, IOException {
    directory.markDropped(ref);
    HostedShard shard = shards.remove(ref);
    if (shard != null) {
      shard.close();
    }
    ShardFile.deleteFiles(directory.shardFile(ref));
    LOG.info("shard.dropped shard={}", ref);
    changed.run();
  }

  /** Stops all shards; what one of them throws does not keep the others open. */
  @Override
  public void close() {
    for (HostedShard shard : shards.values()) {
      try {
        shard.close();
      } catch (SQLException | RuntimeException failure) {
        LOG.error("shard.close.failed shard={}", shard.ref(), failure);
      }
    }
    shards.clear();
  }
}
