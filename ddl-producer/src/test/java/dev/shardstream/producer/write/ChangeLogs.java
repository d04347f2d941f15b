package dev.shardstream.producer.write;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.query.Session;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Logs without Kafka, for tests of other packages. */
public final class ChangeLogs {
  private ChangeLogs() {}

  /** A producer that gives out offsets as a log of 16 partitions does. */
  public static MockProducer<byte[], byte[]> producer(String topic) {
    List<PartitionInfo> partitions =
        IntStream.range(0, 16)
            .mapToObj(i -> new PartitionInfo(topic, i, Node.noNode(), new Node[0], new Node[0]))
            .toList();
    return new MockProducer<>(
        new Cluster("mock", List.of(), partitions, Set.of(), Set.of()),
        true,
        new RoundRobinPartitioner(),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** A log that sends through the given producer. */
  public static ChangeLog over(
      ClientConfig config, Producer<byte[], byte[]> producer, Session session) {
    return new ChangeLog(
        config,
        producer,
        ConfluentRegistry.connect(config.registryUrl(), config.connectTimeout()),
        session);
  }
}
