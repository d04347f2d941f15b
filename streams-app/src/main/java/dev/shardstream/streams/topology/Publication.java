package dev.shardstream.streams.topology;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * What a decision publishes.
 *
 * @param sink where
 * @param key key of the record
 * @param value null for a tombstone
 */
record Publication(Sink sink, String key, @Nullable SpecificRecordBase value) {

  /** Topics that the control plane writes. */
  enum Sink {
    CATALOG(Table.class, Topics::catalog),
    HISTORY(SchemaVersion.class, Topics::schemaHistory),
    TOPOLOGY(Topology.class, Topics::topology),
    RESHARDS(Reshard.class, Topics::reshards),
    NAMESPACES(Namespace.class, Topics::namespaces),
    RESULTS(DdlResult.class, Topics::ddlResults),
    SHARD_TASKS(ShardTask.class, Topics::shardTasks),
    PROVISION_TASKS(ProvisionTask.class, Topics::provisionTasks);

    final Class<? extends SpecificRecordBase> type;
    final Function<Topics, String> topic;

    Sink(Class<? extends SpecificRecordBase> type, Function<Topics, String> topic) {
      this.type = type;
      this.topic = topic;
    }
  }

  static Optional<Publication> of(String database, Decision decision) {
    if (decision instanceof Decision.TableStored d) {
      String key = Tables.key(database, d.table().getTableId());
      return Optional.of(new Publication(Sink.CATALOG, key, d.table()));
    } else if (decision instanceof Decision.TableGone d) {
      return Optional.of(new Publication(Sink.CATALOG, Tables.key(database, d.tableId()), null));
    } else if (decision instanceof Decision.VersionRecorded d) {
      String key = d.version().getTableId() + "/" + d.version().getVersion();
      return Optional.of(new Publication(Sink.HISTORY, key, d.version()));
    } else if (decision instanceof Decision.TopologyStored d) {
      String key = Tables.key(database, d.topology().getTableId());
      return Optional.of(new Publication(Sink.TOPOLOGY, key, d.topology()));
    } else if (decision instanceof Decision.TopologyGone d) {
      return Optional.of(new Publication(Sink.TOPOLOGY, Tables.key(database, d.tableId()), null));
    } else if (decision instanceof Decision.ReshardStored d) {
      String key = database + "/" + d.reshard().getChangeLogId();
      return Optional.of(new Publication(Sink.RESHARDS, key, d.reshard()));
    } else if (decision instanceof Decision.NamespaceStored d) {
      return Optional.of(new Publication(Sink.NAMESPACES, d.namespace().getName(), d.namespace()));
    } else if (decision instanceof Decision.NamespaceGone d) {
      return Optional.of(new Publication(Sink.NAMESPACES, d.name(), null));
    } else if (decision instanceof Decision.ResultStored d) {
      return Optional.of(new Publication(Sink.RESULTS, d.result().getCommandId(), d.result()));
    } else if (decision instanceof Decision.ResultRepeated d) {
      return Optional.of(new Publication(Sink.RESULTS, d.result().getCommandId(), d.result()));
    } else if (decision instanceof Decision.ShardTaskIssued d) {
      return Optional.of(new Publication(Sink.SHARD_TASKS, d.task().getNodeId(), d.task()));
    } else if (decision instanceof Decision.ProvisionTaskIssued d) {
      return Optional.of(new Publication(Sink.PROVISION_TASKS, database, d.task()));
    }
    return Optional.empty();
  }
}
