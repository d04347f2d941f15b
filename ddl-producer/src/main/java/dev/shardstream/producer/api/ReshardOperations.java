package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.TableRules;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reshards of the configured namespace: started, watched and steered. Safe for use by several
 * threads.
 *
 * <pre>{@code
 * ReshardOperations reshards = shardstream.reshards();
 * PlannedReshard plan = reshards.explain("orders", 8);          // without effect
 * ReshardInfo queued = reshards.start("orders", 8, ReshardOptions.CONFIGURED.withManualCutover());
 * reshards.throttle(queued.changeLogId(), 5_000, Duration.ofMinutes(10));
 * reshards.cutOver(queued.changeLogId());
 * ReshardInfo ended = reshards.await(queued.changeLogId(), Duration.ofMinutes(10));
 * }</pre>
 *
 * <p>Every control can be asked for again: what is so already is no error. One that cannot be done
 * is RESHARD_CANNOT with the reason and the way out.
 */
public final class ReshardOperations {
  /** The answer and the state of a reshard come by different topics, a moment apart. */
  private static final Duration NEWS = Duration.ofSeconds(2);

  private final ClientConfig config;
  private final Metadata metadata;
  private final Definitions definitions;

  ReshardOperations(ClientConfig config, Metadata metadata, Definitions definitions) {
    this.config = config;
    this.metadata = metadata;
    this.definitions = definitions;
  }

  // ---- Starting

  /**
   * Starts a reshard as the control plane is configured, and returns as soon as it is queued; the
   * table is read and written all the time.
   *
   * @param table its name; {@code ns.name} for another namespace than the configured one
   * @param shards shard count to end with, 1 to 256
   * @throws ShardstreamException TABLE_NOT_FOUND, INVALID_SHARD_COUNT, RESHARD_IN_PROGRESS,
   *     TABLE_NOT_READY, INSUFFICIENT_DISK, NO_LIVE_NODE
   */
  public ReshardInfo start(String table, int shards) {
    return start(table, shards, ReshardOptions.CONFIGURED);
  }

  /**
   * Starts a reshard, and returns as soon as it is queued.
   *
   * @throws ShardstreamException as above, and INVALID_ARGUMENT for a negative option
   */
  public ReshardInfo start(String table, int shards, ReshardOptions options) {
    QualifiedName name = QualifiedName.parse(table);
    return started(definitions.publish(name.database(), command(name, shards, options, false)));
  }

  /**
   * What a reshard would do, without doing it.
   *
   * @throws ShardstreamException what {@link #start(String, int)} throws, INSUFFICIENT_DISK aside
   */
  public PlannedReshard explain(String table, int shards) {
    return explain(table, shards, ReshardOptions.CONFIGURED);
  }

  /** What a reshard with these options would do, without doing it. */
  public PlannedReshard explain(String table, int shards, ReshardOptions options) {
    QualifiedName name = QualifiedName.parse(table);
    return planned(definitions.publish(name.database(), command(name, shards, options, true)));
  }

  private static ReshardTable command(
      QualifiedName table, int shards, ReshardOptions options, boolean dryRun) {
    return new ReshardTable(
        table.name(), TableRules.checkShardCount(shards), options.ofCommand(), dryRun);
  }

  /**
   * @param result of a command that starts a reshard
   */
  ReshardInfo started(DdlResult result) {
    String changeLogId = result.getChangeLogId();
    if (changeLogId == null) {
      throw new ShardstreamException(ErrorCode.INTERNAL, "a reshard was accepted without an id");
    }
    return metadata
        .snapshot()
        .reshard(result.getDatabase(), changeLogId)
        .map(ReshardInfo::of)
        .orElseThrow(() -> notFound(changeLogId));
  }

  /**
   * @param result of a dry run
   */
  static PlannedReshard planned(DdlResult result) {
    ReshardPlan plan = result.getPlan();
    if (plan == null) {
      throw new ShardstreamException(ErrorCode.INTERNAL, "a dry run was answered without a plan");
    }
    return PlannedReshard.of(plan, result.getMessage());
  }

  // ---- Watching

  /** All that are known, in the order in which they started. */
  public List<ReshardInfo> list() {
    return metadata.snapshot().reshards(config.database()).stream().map(ReshardInfo::of).toList();
  }

  /** How far a reshard is; empty when there is none of that id. */
  public Optional<ReshardInfo> find(String changeLogId) {
    return find(metadata.snapshot(), changeLogId);
  }

  /**
   * Waits until a reshard has ended, well or not, and its table is as it leaves it.
   *
   * @return how it ended, or how far it is after the timeout
   * @throws ShardstreamException RESHARD_NOT_FOUND
   */
  public ReshardInfo await(String changeLogId, Duration timeout) {
    require(config.database(), changeLogId);
    metadata.await(
        now ->
            now.reshard(config.database(), changeLogId)
                .filter(reshard -> isOver(now, reshard))
                .isPresent(),
        timeout);
    return ReshardInfo.of(require(config.database(), changeLogId));
  }

  /** What one decision changed is read a moment apart: the reshard, and the table's topology. */
  private static boolean isOver(MetadataSnapshot now, Reshard reshard) {
    return ReshardInfo.of(reshard).ended()
        && topology(now, reshard)
            .filter(topology -> reshard.getChangeLogId().equals(topology.getChangeLogId()))
            .isEmpty();
  }

  private static Optional<Topology> topology(MetadataSnapshot now, Reshard reshard) {
    return Optional.ofNullable(now.topologies().get(reshard.getTableId()));
  }

  private Optional<ReshardInfo> find(MetadataSnapshot snapshot, String changeLogId) {
    return snapshot.reshard(config.database(), changeLogId).map(ReshardInfo::of);
  }

  /**
   * A reshard in full.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND
   */
  Reshard require(String database, String changeLogId) {
    return metadata
        .snapshot()
        .reshard(database, changeLogId)
        .orElseThrow(() -> notFound(changeLogId));
  }

  private static ShardstreamException notFound(String changeLogId) {
    return new ShardstreamException(ErrorCode.RESHARD_NOT_FOUND, changeLogId);
  }

  // ---- Steering

  /**
   * Has a reshard stay in its phase and copy nothing; its targets go on applying the log.
   *
   * @return how it is then
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT
   */
  public ReshardInfo pause(String changeLogId) {
    return steer(changeLogId, ReshardVerb.PAUSE);
  }

  /**
   * Has a paused reshard go on.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT
   */
  public ReshardInfo resume(String changeLogId) {
    return steer(changeLogId, ReshardVerb.RESUME);
  }

  /**
   * Has a reshard with a manual cutover switch, after one more whole verify.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT
   */
  public ReshardInfo cutOver(String changeLogId) {
    return steer(changeLogId, ReshardVerb.SWITCH);
  }

  /**
   * Ends a reshard before its switch; the table stays as it is.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT
   */
  public ReshardInfo cancel(String changeLogId) {
    return steer(changeLogId, ReshardVerb.CANCEL);
  }

  /**
   * Gives a table that was switched back to its sources, as long as they are there.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT
   */
  public ReshardInfo rollback(String changeLogId) {
    return steer(changeLogId, ReshardVerb.ROLLBACK);
  }

  /**
   * Ends the grace period after a switch or a rollback.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT
   */
  public ReshardInfo complete(String changeLogId) {
    return steer(changeLogId, ReshardVerb.COMPLETE);
  }

  /**
   * Does again what a reshard that failed, was cancelled or was rolled back was to do.
   *
   * @return the reshard that does it, which has an id of its own
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT, RESHARD_IN_PROGRESS
   */
  public ReshardInfo retry(String changeLogId) {
    return steer(changeLogId, ReshardVerb.RETRY);
  }

  /**
   * Sets how fast a reshard copies from now on.
   *
   * @param rowsPerSecond most rows that all its targets together copy in a second; 0 for no limit
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT, INVALID_ARGUMENT
   */
  public ReshardInfo throttle(String changeLogId, long rowsPerSecond) {
    return throttled(new ThrottleReshard(changeLogId, rowsPerSecond, null));
  }

  /**
   * Sets how fast a reshard copies for a while; then it copies as it was started.
   *
   * @param period how long, more than 0
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT, INVALID_ARGUMENT
   */
  public ReshardInfo throttle(String changeLogId, long rowsPerSecond, Duration period) {
    return throttled(new ThrottleReshard(changeLogId, rowsPerSecond, period.toMillis()));
  }

  private ReshardInfo throttled(ThrottleReshard command) {
    DdlResult result = throttle(null, command);
    return ReshardInfo.of(require(result.getDatabase(), command.getChangeLogId()));
  }

  private ReshardInfo steer(String changeLogId, ReshardVerb verb) {
    ControlReshard control = new ControlReshard(changeLogId, verb);
    return ReshardInfo.of(controlled(control, control(null, control)));
  }

  /**
   * @param namespace null for the configured one
   */
  DdlResult control(@Nullable String namespace, ControlReshard control) {
    MetadataSnapshot before = metadata.snapshot();
    DdlResult result = definitions.publish(namespace, control);
    awaitNews(
        result.getDatabase(),
        control.getChangeLogId(),
        (now, reshard) ->
            shows(reshard, control.getVerb())
                && (control.getVerb() != ReshardVerb.ROLLBACK || isBack(before, now, reshard)));
    return result;
  }

  /** The reshard that a control was about, or the one that a retry has begun or found running. */
  Reshard controlled(ControlReshard control, DdlResult result) {
    String database = result.getDatabase();
    String id = control.getChangeLogId();
    if (control.getVerb() != ReshardVerb.RETRY) {
      return require(database, id);
    }
    String begun = result.getChangeLogId();
    if (begun != null) {
      return require(database, begun);
    }
    return metadata.snapshot().reshards(database).stream()
        .filter(reshard -> id.equals(reshard.getRetryOf()))
        .reduce((earlier, later) -> later)
        .orElseThrow(() -> notFound(id));
  }

  /**
   * @param namespace null for the configured one
   */
  DdlResult throttle(@Nullable String namespace, ThrottleReshard command) {
    DdlResult result = definitions.publish(namespace, command);
    awaitNews(
        result.getDatabase(),
        command.getChangeLogId(),
        (now, reshard) ->
            reshard.getThrottle() != null
                && reshard.getThrottle().getRowsPerSecond() == command.getRowsPerSecond());
    return result;
  }

  /**
   * Whoever looks after a control should see what it did. It may have been undone already, so that
   * this is no condition of success.
   */
  private void awaitNews(
      String database, String changeLogId, BiPredicate<MetadataSnapshot, Reshard> shown) {
    metadata.await(
        now ->
            now.reshard(database, changeLogId)
                .filter(reshard -> shown.test(now, reshard) || isOver(now, reshard))
                .isPresent(),
        NEWS);
  }

  /** Whether a table has its sources again; it had them before when this was asked for twice. */
  private static boolean isBack(MetadataSnapshot before, MetadataSnapshot now, Reshard reshard) {
    boolean wasBack =
        before
            .reshard(reshard.getDatabase(), reshard.getChangeLogId())
            .filter(earlier -> earlier.getRolledBackAt() != null)
            .isPresent();
    return wasBack
        || !topology(before, reshard)
            .map(Topology::getEpoch)
            .equals(topology(now, reshard).map(Topology::getEpoch));
  }

  private static boolean shows(Reshard reshard, ReshardVerb verb) {
    return switch (verb) {
      case PAUSE -> reshard.getPaused();
      case RESUME -> !reshard.getPaused();
      case SWITCH -> reshard.getSwitchAsked() || reshard.getStatus() == ReshardStatus.SWITCHING;
      case CANCEL -> false;
      case ROLLBACK -> reshard.getRolledBackAt() != null;
      case COMPLETE -> reshard.getCompleteAsked();
      case RETRY -> true;
    };
  }
}
