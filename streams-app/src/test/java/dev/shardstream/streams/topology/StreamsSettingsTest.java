package dev.shardstream.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.streams.config.ControlPlaneConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {
  /** What Kafka Streams would give its consumer, the first of a thread. */
  private static Map<String, Object> consumer(String... more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "bootstrap.servers", "127.0.0.1:9092",
                "schema.registry.url", "http://127.0.0.1:8081",
                "state.dir", "state"));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new StreamsConfig(
            StreamsSettings.of(
                ControlPlaneConfig.of(settings), new ControlMetrics(new SimpleMeterRegistry())))
        .getMainConsumerConfigs("shardstream.streams", "client", 1);
  }

  @Test
  void a_process_without_a_name_is_a_member_that_comes_and_goes() {
    assertThat(consumer())
        .doesNotContainKey("group.instance.id")
        .containsEntry("session.timeout.ms", 6_000)
        .containsEntry("heartbeat.interval.ms", 1_500);
  }

  @Test
  void a_process_with_a_name_is_the_same_member_after_a_restart() {
    assertThat(consumer("instance.id", "streams-app-0", "session.timeout.ms", "20000"))
        .containsEntry("group.instance.id", "streams-app-0-1")
        .containsEntry("session.timeout.ms", 20_000)
        .containsEntry("heartbeat.interval.ms", 5_000);
  }

  @Test
  void a_member_that_was_not_heard_asks_again_long_before_kafkas_five_minutes() {
    assertThat(consumer()).containsEntry("max.poll.interval.ms", 30_000);
  }

  @Test
  void a_name_that_kafka_would_refuse_is_refused_at_the_start() {
    assertThatThrownBy(() -> consumer("instance.id", "a/b"))
        .isInstanceOf(ShardstreamException.class)
        .hasMessageContaining("instance.id")
        .hasMessageContaining("use letters");
  }
}
