package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.Counters;
import dev.shardstream.streams.record.DrainedNode;
import dev.shardstream.streams.record.Movement;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.ShardVersion;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.record.WatchedQuery;

/**
 * One thing that the control plane has decided: what it publishes, what it remembers, or both. The
 * state of a database is nothing but its decisions applied in order.
 */
public sealed interface Decision {

  /** Published to {@code catalog} and remembered. */
  record TableStored(Table table) implements Decision {}

  /** A tombstone in {@code catalog}. */
  record TableGone(String tableId) implements Decision {}

  /** Published to {@code schema-history}. */
  record VersionRecorded(SchemaVersion version) implements Decision {}

  /** Published to {@code topology} and remembered. */
  record TopologyStored(Topology topology) implements Decision {}

  /** A tombstone in {@code topology}. */
  record TopologyGone(String tableId) implements Decision {}

  /** Published to {@code reshards} and remembered, for a while also when it is at an end. */
  record ReshardStored(Reshard reshard) implements Decision {}

  /** A reshard that is at an end is not remembered any more; what was published of it stays. */
  record ReshardForgotten(String changeLogId) implements Decision {}

  /** Published to {@code ddl-results} and remembered as the command's last one. */
  record ResultStored(DdlResult result) implements Decision {}

  /** Published to {@code ddl-results}; what is remembered of the command stays as it is. */
  record ResultRepeated(DdlResult result) implements Decision {}

  /** A command is known from now on. */
  record CommandStored(DdlCommand command) implements Decision {}

  /** A command's place and stage. */
  record ProgressStored(CommandProgress progress) implements Decision {}

  /** Where ids go on. */
  record CountersStored(Counters counters) implements Decision {}

  /** A shard has told how far it has followed the catalog. */
  record ShardVersionStored(ShardVersion version) implements Decision {}

  /** A shard is gone. */
  record ShardVersionGone(String tableId, int shardId) implements Decision {}

  /** A node takes no new shards of this database. */
  record NodeDrained(DrainedNode node) implements Decision {}

  /** A node takes shards again. */
  record NodeUndrained(String nodeId) implements Decision {}

  /** Where a drain or a rebalance is. */
  record MovementStored(Movement movement) implements Decision {}

  /** A drain or a rebalance is at its end. */
  record MovementGone(String commandId) implements Decision {}

  /** A task is waited for, or its outcome is waiting. */
  record TaskStored(OpenTask task) implements Decision {}

  /** A task's outcome was used, or does not matter any more. */
  record TaskGone(String taskId) implements Decision {}

  /** Where a verify is. */
  record RoundStored(VerifyRound round) implements Decision {}

  /** A verify is over. */
  record RoundGone(String changeLogId) implements Decision {}

  /**
   * Digests of the running verify.
   *
   * @param key unique among all digests: begins with the fence id and a slash
   */
  record DigestsStored(String key, ShardDigests digests) implements Decision {}

  /** Digests that are not needed any more. */
  record DigestsGone(String key) implements Decision {}

  /** What a source of a reshard has answered that was asked for a sample of its shard keys. */
  record SampleStored(String changeLogId, KeySample sample) implements Decision {}

  /** A sample that is not needed any more. */
  record SampleGone(String changeLogId, int shardId) implements Decision {}

  /** Published to {@code namespaces} and remembered: the database is a namespace that exists. */
  record NamespaceStored(Namespace namespace) implements Decision {}

  /** A tombstone in {@code namespaces}. */
  record NamespaceGone(String name) implements Decision {}

  /** A live query was heard of. */
  record LiveQueryStored(WatchedQuery watched) implements Decision {}

  /** A live query does not count any more. */
  record LiveQueryGone(String id) implements Decision {}

  /** Published to {@code shard-tasks}. */
  record ShardTaskIssued(ShardTask task) implements Decision {}

  /** Published to {@code provision-tasks}. */
  record ProvisionTaskIssued(ProvisionTask task) implements Decision {}
}
