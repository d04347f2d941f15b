package dev.shardstream.streams.topology;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.Counters;
import dev.shardstream.streams.record.DrainedNode;
import dev.shardstream.streams.record.Movement;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.ShardVersion;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.record.WatchedQuery;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The state of every database of one partition in one store: key {@code database/kind/id}, value
 * Avro in wire format. Reading an entry back is applying the decision that wrote it.
 */
public final class StateEntries {
  private enum Kind {
    TABLE(Table.class),
    TOPOLOGY(Topology.class),
    RESHARD(Reshard.class),
    COMMAND(DdlCommand.class),
    RESULT(DdlResult.class),
    PROGRESS(CommandProgress.class),
    COUNTERS(Counters.class),
    TASK(OpenTask.class),
    ROUND(VerifyRound.class),
    DIGESTS(ShardDigests.class),
    NAMESPACE(Namespace.class),
    LIVE_QUERY(WatchedQuery.class),
    SHARD_VERSION(ShardVersion.class),
    DRAINED_NODE(DrainedNode.class),
    MOVEMENT(Movement.class),
    SAMPLE(KeySample.class);

    private final Class<? extends SpecificRecordBase> type;

    Kind(Class<? extends SpecificRecordBase> type) {
      this.type = type;
    }
  }

  private record Entry(Kind kind, String id, @Nullable SpecificRecordBase value) {}

  private final KeyValueStore<String, byte[]> store;
  private final String subjectPrefix;
  private final Map<Kind, Serde<SpecificRecordBase>> serdes = new EnumMap<>(Kind.class);

  /**
   * @param subjectPrefix what the registry's subjects of the state begin with
   */
  public StateEntries(KeyValueStore<String, byte[]> store, Events events, String subjectPrefix) {
    this.store = store;
    this.subjectPrefix = subjectPrefix;
    for (Kind kind : Kind.values()) {
      serdes.put(kind, widened(events.serde(kind.type)));
    }
  }

  /** Each kind is only ever given its own type. */
  @SuppressWarnings("unchecked")
  private static Serde<SpecificRecordBase> widened(Serde<? extends SpecificRecordBase> serde) {
    return (Serde<SpecificRecordBase>) serde;
  }

  /**
   * The key of what a decision changes in the state of a database; empty when it changes nothing.
   */
  public static Optional<String> key(String database, Decision decision) {
    return Optional.ofNullable(entry(decision)).map(entry -> key(database, entry));
  }

  /** What the keys of all entries of one class in a database begin with. */
  static String prefix(String database, Class<? extends SpecificRecordBase> type) {
    Kind kind = Arrays.stream(Kind.values()).filter(k -> k.type == type).findFirst().orElseThrow();
    return database + "/" + kind + "/";
  }

  private static String key(String database, Entry entry) {
    return database + "/" + entry.kind() + "/" + entry.id();
  }

  /** Writes what a decision changes in the state. */
  public void write(DatabaseState state, Decision decision) {
    Entry entry = entry(decision);
    if (entry == null) {
      return;
    }
    String key = key(state.database(), entry);
    if (entry.value() == null) {
      store.delete(key);
    } else {
      store.put(
          key, serdes.get(entry.kind()).serializer().serialize(topic(entry.kind()), entry.value()));
    }
  }

  private static @Nullable Entry entry(Decision decision) {
    if (decision instanceof Decision.TableStored d) {
      return new Entry(Kind.TABLE, d.table().getTableId(), d.table());
    } else if (decision instanceof Decision.TableGone d) {
      return new Entry(Kind.TABLE, d.tableId(), null);
    } else if (decision instanceof Decision.TopologyStored d) {
      return new Entry(Kind.TOPOLOGY, d.topology().getTableId(), d.topology());
    } else if (decision instanceof Decision.TopologyGone d) {
      return new Entry(Kind.TOPOLOGY, d.tableId(), null);
    } else if (decision instanceof Decision.ReshardStored d) {
      return new Entry(Kind.RESHARD, d.reshard().getChangeLogId(), d.reshard());
    } else if (decision instanceof Decision.ReshardForgotten d) {
      return new Entry(Kind.RESHARD, d.changeLogId(), null);
    } else if (decision instanceof Decision.ResultStored d) {
      return new Entry(Kind.RESULT, d.result().getCommandId(), d.result());
    } else if (decision instanceof Decision.CommandStored d) {
      return new Entry(Kind.COMMAND, d.command().getId(), d.command());
    } else if (decision instanceof Decision.ProgressStored d) {
      return new Entry(Kind.PROGRESS, d.progress().getCommandId(), d.progress());
    } else if (decision instanceof Decision.CountersStored d) {
      return new Entry(Kind.COUNTERS, "", d.counters());
    }
    return workEntry(decision);
  }

  private static @Nullable Entry workEntry(Decision decision) {
    if (decision instanceof Decision.TaskStored d) {
      return new Entry(Kind.TASK, d.task().getTaskId(), d.task());
    } else if (decision instanceof Decision.TaskGone d) {
      return new Entry(Kind.TASK, d.taskId(), null);
    } else if (decision instanceof Decision.RoundStored d) {
      return new Entry(Kind.ROUND, d.round().getChangeLogId(), d.round());
    } else if (decision instanceof Decision.RoundGone d) {
      return new Entry(Kind.ROUND, d.changeLogId(), null);
    } else if (decision instanceof Decision.DigestsStored d) {
      return new Entry(Kind.DIGESTS, d.key(), d.digests());
    } else if (decision instanceof Decision.DigestsGone d) {
      return new Entry(Kind.DIGESTS, d.key(), null);
    } else if (decision instanceof Decision.NamespaceStored d) {
      return new Entry(Kind.NAMESPACE, d.namespace().getName(), d.namespace());
    } else if (decision instanceof Decision.NamespaceGone d) {
      return new Entry(Kind.NAMESPACE, d.name(), null);
    } else if (decision instanceof Decision.LiveQueryStored d) {
      return new Entry(Kind.LIVE_QUERY, d.watched().getId(), d.watched());
    } else if (decision instanceof Decision.LiveQueryGone d) {
      return new Entry(Kind.LIVE_QUERY, d.id(), null);
    } else if (decision instanceof Decision.ShardVersionStored d) {
      ShardVersion version = d.version();
      String id = Tables.shardName(version.getTableId(), version.getShardId());
      return new Entry(Kind.SHARD_VERSION, id, version);
    } else if (decision instanceof Decision.ShardVersionGone d) {
      return new Entry(Kind.SHARD_VERSION, Tables.shardName(d.tableId(), d.shardId()), null);
    } else if (decision instanceof Decision.NodeDrained d) {
      return new Entry(Kind.DRAINED_NODE, d.node().getNodeId(), d.node());
    } else if (decision instanceof Decision.NodeUndrained d) {
      return new Entry(Kind.DRAINED_NODE, d.nodeId(), null);
    } else if (decision instanceof Decision.MovementStored d) {
      return new Entry(Kind.MOVEMENT, d.movement().getCommandId(), d.movement());
    } else if (decision instanceof Decision.MovementGone d) {
      return new Entry(Kind.MOVEMENT, d.commandId(), null);
    } else if (decision instanceof Decision.SampleStored d) {
      return sample(d.changeLogId(), d.sample().getShardId(), d.sample());
    } else if (decision instanceof Decision.SampleGone d) {
      return sample(d.changeLogId(), d.shardId(), null);
    }
    return null;
  }

  private static Entry sample(String changeLogId, int shardId, @Nullable KeySample sample) {
    return new Entry(Kind.SAMPLE, changeLogId + "/" + shardId, sample);
  }

  /** Every database in the store, by name. */
  public Map<String, DatabaseState> readAll() {
    Map<String, DatabaseState> databases = new HashMap<>();
    try (KeyValueIterator<String, byte[]> entries = store.all()) {
      while (entries.hasNext()) {
        KeyValue<String, byte[]> entry = entries.next();
        String[] key = entry.key.split("/", 3);
        databases
            .computeIfAbsent(key[0], DatabaseState::new)
            .apply(decision(Kind.valueOf(key[1]), key[2], entry.value));
      }
    }
    return new TreeMap<>(databases);
  }

  private Decision decision(Kind kind, String id, byte[] bytes) {
    SpecificRecordBase value = serdes.get(kind).deserializer().deserialize(topic(kind), bytes);
    return switch (kind) {
      case TABLE -> new Decision.TableStored((Table) value);
      case TOPOLOGY -> new Decision.TopologyStored((Topology) value);
      case RESHARD -> new Decision.ReshardStored((Reshard) value);
      case COMMAND -> new Decision.CommandStored((DdlCommand) value);
      case RESULT -> new Decision.ResultStored((DdlResult) value);
      case PROGRESS -> new Decision.ProgressStored((CommandProgress) value);
      case COUNTERS -> new Decision.CountersStored((Counters) value);
      case TASK -> new Decision.TaskStored((OpenTask) value);
      case ROUND -> new Decision.RoundStored((VerifyRound) value);
      case DIGESTS -> new Decision.DigestsStored(id, (ShardDigests) value);
      case NAMESPACE -> new Decision.NamespaceStored((Namespace) value);
      case LIVE_QUERY -> new Decision.LiveQueryStored((WatchedQuery) value);
      case SHARD_VERSION -> new Decision.ShardVersionStored((ShardVersion) value);
      case DRAINED_NODE -> new Decision.NodeDrained((DrainedNode) value);
      case MOVEMENT -> new Decision.MovementStored((Movement) value);
      case SAMPLE ->
          new Decision.SampleStored(id.substring(0, id.lastIndexOf('/')), (KeySample) value);
    };
  }

  private String topic(Kind kind) {
    return subjectPrefix + "." + kind.name().toLowerCase(Locale.ROOT);
  }
}
