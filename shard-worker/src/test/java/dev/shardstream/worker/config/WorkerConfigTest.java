package dev.shardstream.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ShardstreamException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {
  private static Map<String, String> settings(String... more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "bootstrap.servers", "127.0.0.1:9092",
                "schema.registry.url", "http://127.0.0.1:8081",
                "node.id", "node-1",
                "data.dir", "data"));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  @Test
  void a_node_needs_little() {
    WorkerConfig config = WorkerConfig.of(settings());
    assertThat(config.nodeId()).isEqualTo("node-1");
    assertThat(config.dataDir()).isEqualTo(Path.of("data"));
    assertThat(config.httpHost()).isEqualTo("127.0.0.1");
    assertThat(config.httpPort()).isZero();
    assertThat(config.advertisedUrl()).isEmpty();
    assertThat(config.millis(WorkerConfig.HEARTBEAT_INTERVAL)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void a_wrong_setting_is_named() {
    assertThatThrownBy(() -> WorkerConfig.of(settings("node.id", "a/b")))
        .isInstanceOf(ShardstreamException.class)
        .hasMessageContaining("node.id")
        .hasMessageContaining("use letters");
    assertThatThrownBy(() -> WorkerConfig.of(settings("http.port", "99999")))
        .hasMessageContaining("http.port");
    assertThatThrownBy(
            () -> {
              Map<String, String> without = settings();
              without.remove("data.dir");
              WorkerConfig.of(without);
            })
        .hasMessageContaining("data.dir");
  }
}
