package dev.shardstream.streams.topology;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.view.ClusterState;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Asks the state stores of this process (interactive queries), and Kafka Streams which process
 * keeps a database: the one whose task reads the database's partition of {@code ddl-commands}. What
 * is read may be a moment ahead of what is published, never behind it.
 */
public final class StreamsState implements ClusterState {

  private final KafkaStreams streams;
  private final Events events;
  private final HostInfo self;
  private final String scheme;
  private final NodeSight nodes;
  private final String commands;

  /**
   * @param clock by which silence of nodes is measured
   * @param self URL by which other processes of the control plane reach this one
   */
  public StreamsState(
      KafkaStreams streams,
      ControlPlaneConfig config,
      Events events,
      ControlMetrics metrics,
      Clock clock,
      URI self) {
    this.streams = streams;
    this.events = events;
    this.self = new HostInfo(self.getHost(), self.getPort());
    this.scheme = self.getScheme();
    this.commands = config.topics().ddlCommands();
    this.nodes = new NodeSight(config, events, metrics, clock);
  }

  @Override
  public Optional<URI> keptElsewhere(String database) {
    HostInfo active = metadata(database).activeHost();
    return active.equals(self) ? Optional.empty() : Optional.of(uri(active));
  }

  private KeyQueryMetadata metadata(String database) {
    KeyQueryMetadata metadata =
        reading(
            () ->
                streams.queryMetadataForKey(
                    ControlTopology.STATE, database, new StringSerializer()));
    if (metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
      throw unavailable("database '" + database + "' is being handed over");
    }
    return metadata;
  }

  @Override
  public List<URI> others() {
    return reading(streams::metadataForAllStreamsClients).stream()
        .map(client -> client.hostInfo())
        .filter(host -> !host.equals(self))
        .map(this::uri)
        .toList();
  }

  private URI uri(HostInfo host) {
    return URI.create(scheme + "://" + host.host() + ":" + host.port());
  }

  @Override
  public List<String> databases() {
    return reading(
        () ->
            partitions().stream()
                .flatMap(partition -> of(partition).databases().stream())
                .sorted()
                .toList());
  }

  /**
   * Partitions of the commands whose databases are kept here. Each has a store of its own: all of
   * them as one are in no order, so that nothing can be skipped in it.
   */
  private List<Integer> partitions() {
    List<Integer> partitions =
        streams.metadataForLocalThreads().stream()
            .flatMap(thread -> thread.activeTasks().stream())
            .flatMap(task -> task.topicPartitions().stream())
            .filter(partition -> partition.topic().equals(commands))
            .map(TopicPartition::partition)
            .toList();
    if (partitions.isEmpty() && !keepsNothing()) {
      throw unavailable("it is being restored or handed over");
    }
    return partitions;
  }

  /** There may be more processes than partitions; a process without any has no store to ask. */
  private boolean keepsNothing() {
    return streams.state() == KafkaStreams.State.RUNNING
        && streams.metadataForLocalThreads().stream().allMatch(t -> t.activeTasks().isEmpty());
  }

  @Override
  public boolean exists(String database) {
    return reading(() -> of(database).exists(database));
  }

  @Override
  public List<Table> tables(String database) {
    return all(database, Table.class);
  }

  @Override
  public List<Topology> topologies(String database) {
    return all(database, Topology.class);
  }

  @Override
  public List<Reshard> reshards(String database) {
    return all(database, Reshard.class);
  }

  @Override
  public List<DdlResult> results(String database) {
    return all(database, DdlResult.class);
  }

  @Override
  public Optional<DdlResult> result(String database, String commandId) {
    return reading(() -> of(database).find(database, DdlResult.class, commandId));
  }

  private <T extends SpecificRecordBase> List<T> all(String database, Class<T> type) {
    return reading(() -> of(database).all(database, type));
  }

  @Override
  public Cluster nodes() {
    return reading(() -> nodes.look(streams.store(query(ControlTopology.HEARTBEATS))));
  }

  private StateReader of(String database) {
    return of(metadata(database).partition());
  }

  private StateReader of(int partition) {
    return new StateReader(
        streams.store(query(ControlTopology.STATE).withPartition(partition)), events);
  }

  private static StoreQueryParameters<ReadOnlyKeyValueStore<String, byte[]>> query(String store) {
    return StoreQueryParameters.fromNameAndType(store, QueryableStoreTypes.keyValueStore());
  }

  private static <T> T reading(Supplier<T> read) {
    try {
      return read.get();
    } catch (StreamsNotStartedException notYet) {
      throw unavailable("it is starting").causedBy(notYet);
    } catch (InvalidStateStoreException moving) {
      throw unavailable("it is being restored or handed over").causedBy(moving);
    } catch (IllegalStateException stopped) {
      throw unavailable("it is not running").causedBy(stopped);
    }
  }

  private static ShardstreamException unavailable(String why) {
    return new ShardstreamException(ErrorCode.STATE_UNAVAILABLE, why);
  }
}
