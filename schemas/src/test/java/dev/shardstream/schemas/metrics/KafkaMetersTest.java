package dev.shardstream.schemas.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void a_client_shows_what_tells_whether_it_works_until_it_is_closed() {
    Map<String, Object> settings = new java.util.HashMap<>(KafkaMeters.settings(registry, null));
    settings.put("bootstrap.servers", "localhost:1");
    settings.put("client.id", "heartbeats");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      assertThat(producer.metrics()).hasSizeGreaterThan(50);
      assertThat(registry.getMeters())
          .extracting(meter -> meter.getId().getName())
          .containsExactlyInAnyOrder(
              "kafka.producer.buffer.available.bytes",
              "kafka.producer.connection.count",
              "kafka.producer.failed.authentication.total",
              "kafka.producer.produce.throttle.time.max",
              "kafka.producer.record.error.total",
              "kafka.producer.record.retry.total",
              "kafka.producer.record.send.total",
              "kafka.producer.request.latency.avg",
              "kafka.producer.request.latency.max",
              "kafka.producer.request.total");
      assertThat(registry.getMeters())
          .extracting(Meter::getId)
          .allMatch(id -> "heartbeats".equals(id.getTag("client.id")));
      assertThat(registry.get("kafka.producer.buffer.available.bytes").gauge().value())
          .isEqualTo(32 * 1024 * 1024);
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void reporters_that_were_configured_stay() {
    assertThat(KafkaMeters.settings(registry, "org.example.Mine").get("metric.reporters"))
        .isEqualTo("org.example.Mine," + KafkaMeters.class.getName());
  }

  @Test
  void without_a_registry_it_is_refused() {
    assertThatThrownBy(() -> new KafkaMeters().configure(Map.of()))
        .isInstanceOf(ConfigException.class);
  }
}
