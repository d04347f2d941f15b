package dev.shardstream.streams.live;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.kafka.ConsumerThread;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.streams.view.CommandBody;
import dev.shardstream.streams.view.ReshardBody;
import dev.shardstream.streams.view.TableChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what the control plane publishes, of all databases, from when it starts: so every process
 * can tell of everything that happens. After a failure it begins at the end again, and whoever
 * watches is told to read everything anew.
 */
public final class ControlFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlFeed.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Topics topics;
  private final Deserializer<Reshard> reshards;
  private final Deserializer<DdlResult> results;
  private final EventHub hub;
  private final Outcomes outcomes;
  private final Runnable eachRound;
  private final ConsumerThread thread;

  /**
   * @param eachRound is called several times a second, in the feed's thread
   */
  public ControlFeed(
      Topics topics,
      KafkaClients kafka,
      Events events,
      EventHub hub,
      Outcomes outcomes,
      Runnable eachRound) {
    this.topics = topics;
    this.reshards = events.serde(Reshard.class).deserializer();
    this.results = events.serde(DdlResult.class).deserializer();
    this.hub = hub;
    this.outcomes = outcomes;
    this.eachRound = eachRound;
    this.thread =
        new ConsumerThread(
            "control-feed",
            () ->
                kafka.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer(), Map.of()),
            STOP_LIMIT,
            this::follow);
  }

  public void start() {
    thread.start();
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        Stream.of(topics.catalog(), topics.topology(), topics.reshards(), topics.ddlResults())
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    hub.reset();
    while (!thread.isStopping()) {
      consumer.poll(POLL).forEach(this::tell);
      eachRound.run();
    }
  }

  private void tell(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    try {
      tell(record.topic(), new String(record.key(), StandardCharsets.UTF_8), record.value());
    } catch (MalformedRecordException foreign) {
      // Somebody else's bytes are nothing that could be told.
      LOG.warn(
          "feed.malformed topic={} partition={} offset={} reason={}",
          record.topic(),
          record.partition(),
          record.offset(),
          foreign.getMessage());
    }
  }

  private void tell(String topic, String key, byte[] value) {
    if (topic.equals(topics.catalog())) {
      hub.publish(LiveEvent.TABLE, TableChange.ofDefinition(key, value == null));
    } else if (topic.equals(topics.topology())) {
      hub.publish(LiveEvent.TABLE, TableChange.ofShards(key, value == null));
    } else if (topic.equals(topics.reshards()) && value != null) {
      hub.publish(LiveEvent.RESHARD, ReshardBody.of(reshards.deserialize(topic, value)));
    } else if (topic.equals(topics.ddlResults()) && value != null) {
      DdlResult result = results.deserialize(topic, value);
      outcomes.tell(result);
      hub.publish(LiveEvent.COMMAND, CommandBody.of(result));
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
