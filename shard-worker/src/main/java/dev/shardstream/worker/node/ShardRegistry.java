package dev.shardstream.worker.node;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.fresh.FreshnessWatch;
import dev.shardstream.worker.fresh.LogPartition;
import dev.shardstream.worker.shard.DatabaseFiles;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.ReaderPool;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards of this node. Shards come and go by one thread, the task loop's, except that a copy's
 * thread lets its shard start; any thread looks them up.
 */
public final class ShardRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardRegistry.class);

  private final DataDirectory directory;
  private final ShardFiles files;
  private final int readersPerShard;
  private final AppliersFactory appliers;
  private final FreshnessWatch freshness;
  private final Executor notifications;
  private final Runnable changed;
  private final NavigableMap<ShardRef, HostedShard> shards =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(ShardRef::tableId).thenComparing(ShardRef::shardId));

  /** What is wrong with the files that could not be opened. */
  private final Map<ShardRef, String> broken = new ConcurrentHashMap<>();

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
      FreshnessWatch freshness,
      Executor notifications,
      Runnable changed) {
    this.directory = directory;
    this.files = new ShardFiles(directory, settings);
    this.readersPerShard = readersPerShard;
    this.appliers = appliers;
    this.freshness = freshness;
    this.notifications = notifications;
    this.changed = changed;
  }

  /**
   * Opens what is in the data directory; shards that were applying go on. A broken file keeps
   * nobody else from serving.
   */
  public void openAll() throws SQLException, IOException {
    ShardFiles.Opened opened = files.openAll();
    broken.putAll(opened.broken());
    for (ShardFile file : opened.files()) {
      HostedShard shard = host(file);
      if (!shard.isCopying()) {
        startApplying(shard);
      }
    }
  }

  private HostedShard host(ShardFile file) throws SQLException {
    PositionBoard board =
        new PositionBoard(file.ref(), PositionTable.read(file.writer()), notifications);
    HostedShard shard =
        new HostedShard(
            file, new ReaderPool(file, readersPerShard), board, freshness.of(file.ref(), board));
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
   * @throws ShardstreamException STALE_TOPOLOGY when it is not held here, SHARD_FAILED when its
   *     file could not be opened
   */
  public HostedShard require(ShardRef ref) {
    requireOpened(ref);
    return find(ref).orElseThrow(() -> new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref));
  }

  private void requireOpened(ShardRef ref) {
    Optional.ofNullable(broken.get(ref))
        .ifPresent(
            reason -> {
              throw new ShardstreamException(ErrorCode.SHARD_FAILED, ref, reason);
            });
  }

  /** What a heartbeat says of the shards of this node. */
  List<ShardReport> reports() throws IOException {
    List<ShardReport> reports = new ArrayList<>();
    for (HostedShard shard : shards.values()) {
      reports.add(shard.report());
    }
    for (Map.Entry<ShardRef, String> each : broken.entrySet()) {
      reports.add(unopened(each.getKey(), each.getValue()));
    }
    return reports;
  }

  /** Bytes of the write-ahead log of each shard that is open. */
  Map<ShardRef, Long> walBytes() throws IOException {
    Map<ShardRef, Long> bytes = new HashMap<>();
    for (HostedShard shard : shards.values()) {
      bytes.put(shard.ref(), shard.file().walBytes());
    }
    return bytes;
  }

  /** The partitions of logs that the shards of this node follow. */
  public Set<LogPartition> followed() {
    return shards.values().stream()
        .filter(shard -> shard.applier().isPresent())
        .flatMap(
            shard ->
                shard.board().current().leastByPartition().keySet().stream()
                    .map(partition -> new LogPartition(shard.ref().tableId(), partition)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Ids of the tables that this node has shards of, those that could not be opened among them. */
  public Set<String> tables() {
    return Stream.concat(shards.keySet().stream(), broken.keySet().stream())
        .map(ShardRef::tableId)
        .collect(Collectors.toUnmodifiableSet());
  }

  private ShardReport unopened(ShardRef ref, String reason) throws IOException {
    long bytes = new DatabaseFiles(directory.shardFile(ref)).bytes();
    return new ShardReport(
        ref.tableId(),
        ref.shardId(),
        ShardState.FAILED,
        0,
        List.of(),
        0L,
        bytes,
        0L,
        List.of(),
        reason,
        null);
  }

  /**
   * Makes a shard; an APPLYING one follows the log at once. No effect when it is there.
   *
   * @throws ShardstreamException STALE_TOPOLOGY when it was dropped before, SHARD_FAILED when its
   *     file is there and could not be opened, DISK_FULL
   */
  public void create(ShardDefinition definition) throws SQLException, IOException {
    ShardRef ref = definition.ref();
    requireNotDropped(ref);
    requireOpened(ref);
    if (!shards.containsKey(ref)) {
      begin(files.make(definition));
    }
  }

  /**
   * Makes a shard that may have been made before, from the start of its log; it serves when it has
   * caught up. One that still waits for copies is replaced: nobody will bring them any more. No
   * effect when it is there and applies its log.
   *
   * @param definition APPLYING
   * @throws ShardstreamException STALE_TOPOLOGY when it was dropped before, SHARD_FAILED when its
   *     file is there and could not be opened, DISK_FULL
   */
  public void makeAnew(ShardDefinition definition) throws SQLException, IOException {
    ShardRef ref = definition.ref();
    requireNotDropped(ref);
    requireOpened(ref);
    HostedShard there = shards.get(ref);
    if (there != null && there.isCopying()) {
      there.close();
      shards.remove(ref);
      files.delete(ref);
      there = null;
    }
    if (there == null) {
      begin(files.makeAnew(definition));
      LOG.warn("shard.made_anew shard={} file={}", ref, directory.shardFile(ref));
    }
  }

  private void requireNotDropped(ShardRef ref) {
    if (directory.isDropped(ref)) {
      throw new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref);
    }
  }

  private void begin(ShardFile made) throws SQLException, IOException {
    HostedShard shard = host(made);
    if (!shard.isCopying()) {
      startApplying(shard);
    }
    changed.run();
  }

  /** Lets a shard follow the log; no effect when it does. */
  public void startApplying(HostedShard shard) throws SQLException, IOException {
    if (shard.applier().isEmpty()) {
      DefinitionFile definition = directory.definition(shard.ref());
      if (!definition.exists()) {
        definition.write(shard.file().definition());
      }
      shard.start(appliers.make(shard.file(), shard.board()));
      changed.run();
    }
  }

  /**
   * Takes a shard back from its applier and lets it forget virtual shards, so that they are copied
   * again.
   *
   * @param repair its number, which the shard remembers
   */
  public void copyAgain(HostedShard shard, int repair, Collection<Integer> virtualShards)
      throws SQLException {
    shard.copyAgain(repair, virtualShards);
    LOG.info(
        "shard.copy_again shard={} repair={} virtual_shards={}",
        shard.ref(),
        repair,
        virtualShards);
    changed.run();
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

  /**
   * Stops a shard, deletes its files and never lets it come back. No effect when it is gone. One
   * that does not stop is still here, to be dropped again.
   */
  public void drop(ShardRef ref) throws SQLException, IOException {
    directory.markDropped(ref);
    broken.remove(ref);
    HostedShard shard = shards.get(ref);
    if (shard != null) {
      shard.close();
      shards.remove(ref);
    }
    files.delete(ref);
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
