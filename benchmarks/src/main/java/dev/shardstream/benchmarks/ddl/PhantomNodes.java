package dev.shardstream.benchmarks.ddl;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.SchemaReached;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Workers without shards. They send the heartbeats of real ones, with a report of every shard that
 * they were told to create, and say at once that a task is done and that a shard is at the
 * catalog's version: what they leave out is SQLite and the log.
 */
final class PhantomNodes implements AutoCloseable {
  private static final String INCARNATION = "phantom";

  private record Place(String tableId, int shardId) {}

  private final Topics topics;
  private final Producer<String, byte[]> producer;
  private final Deserializer<ShardTask> taskDeserializer;
  private final Deserializer<Table> tableDeserializer;
  private final Serializer<TaskEvent> events;
  private final Serializer<Node> heartbeats;
  private final List<String> ids = new ArrayList<>();

  /** Node by shard, as the tasks said. */
  private final Map<Place, String> shards = new ConcurrentHashMap<>();

  private final Map<String, Table> tables = new ConcurrentHashMap<>();
  private final ScheduledExecutorService pulse = Executors.newSingleThreadScheduledExecutor();
  private @Nullable TopicTail tail;

  private PhantomNodes(Topics topics, KafkaClients kafka, Events serdes, int count) {
    this.topics = topics;
    this.producer =
        kafka.producer(
            new StringSerializer(),
            new ByteArraySerializer(),
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    this.taskDeserializer = serdes.serde(ShardTask.class).deserializer();
    this.tableDeserializer = serdes.serde(Table.class).deserializer();
    this.events = serdes.serde(TaskEvent.class).serializer();
    this.heartbeats = serdes.serde(Node.class).serializer();
    for (int i = 1; i <= count; i++) {
      ids.add("phantom-" + i);
    }
  }

  static PhantomNodes start(Topics topics, KafkaClients kafka, Events serdes, int count) {
    PhantomNodes nodes = new PhantomNodes(topics, kafka, serdes, count);
    nodes.tail =
        new TopicTail(
            kafka, List.of(topics.shardTasks(), topics.catalog()), List.of(), nodes::take);
    nodes.pulse.scheduleAtFixedRate(nodes::beat, 0, 1, TimeUnit.SECONDS);
    return nodes;
  }

  /** How many tables the catalog has that are ready. */
  long activeTables() {
    return tables.values().stream().filter(t -> t.getStatus() == TableStatus.ACTIVE).count();
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.topic().equals(topics.catalog())) {
      follow(record);
    } else if (record.value() != null) {
      perform(taskDeserializer.deserialize(record.topic(), record.value()));
    }
  }

  private void follow(ConsumerRecord<String, byte[]> record) {
    String tableId = record.key().substring(record.key().indexOf('/') + 1);
    if (record.value() == null) {
      tables.remove(tableId);
      return;
    }
    Table table = tableDeserializer.deserialize(record.topic(), record.value());
    Table before = tables.put(tableId, table);
    Place place = new Place(tableId, 0);
    String node = shards.get(place);
    boolean changed =
        before == null
            || before.getSchemaVersion() != table.getSchemaVersion()
            || !indexes(before).equals(indexes(table));
    if (node != null && changed) {
      send(
          table.getDatabase(),
          event("", 0, node, table.getDatabase(), tableId, reached(table, place)));
    }
  }

  private static SchemaReached reached(Table table, Place place) {
    return new SchemaReached(place.shardId(), table.getSchemaVersion(), indexes(table));
  }

  private static List<Integer> indexes(Table table) {
    return table.getIndexes().stream()
        .filter(index -> index.getStatus() != IndexStatus.FAILED)
        .map(Index::getId)
        .toList();
  }

  private void perform(ShardTask task) {
    if (task.getTask() instanceof CreateShard create) {
      shards.put(new Place(task.getTableId(), create.getShardId()), task.getNodeId());
      tables.putIfAbsent(task.getTableId(), create.getTable());
    } else if (task.getTask() instanceof DropShard drop) {
      shards.remove(new Place(task.getTableId(), drop.getShardId()));
    }
    send(
        task.getDatabase(),
        event(
            task.getTaskId(),
            task.getAttempt(),
            task.getNodeId(),
            task.getDatabase(),
            task.getTableId(),
            new TaskDone(null)));
  }

  private static TaskEvent event(
      String taskId, int attempt, String node, String database, String tableId, Object what) {
    return new TaskEvent(
        taskId, attempt, node, INCARNATION, database, tableId, System.currentTimeMillis(), what);
  }

  private void send(String database, TaskEvent event) {
    String topic = topics.taskEvents();
    producer.send(new ProducerRecord<>(topic, database, events.serialize(topic, event)));
  }

  private void beat() {
    Map<String, List<ShardReport>> reports = new HashMap<>();
    shards.forEach(
        (place, node) -> {
          Table table = tables.get(place.tableId());
          if (table != null) {
            reports.computeIfAbsent(node, n -> new ArrayList<>()).add(report(table, place));
          }
        });
    for (String id : ids) {
      Node node =
          new Node(
              id,
              INCARNATION,
              "http://" + id,
              NodeState.UP,
              System.currentTimeMillis(),
              1L,
              1L,
              reports.getOrDefault(id, List.of()));
      producer.send(
          new ProducerRecord<>(topics.nodes(), id, heartbeats.serialize(topics.nodes(), node)));
    }
  }

  private static ShardReport report(Table table, Place place) {
    return new ShardReport(
        place.tableId(),
        place.shardId(),
        ShardState.APPLYING,
        table.getSchemaVersion(),
        indexes(table),
        0L,
        0L,
        0L,
        List.of(),
        null,
        null);
  }

  @Override
  public void close() {
    pulse.shutdownNow();
    if (tail != null) {
      tail.close();
    }
    producer.close();
  }
}
