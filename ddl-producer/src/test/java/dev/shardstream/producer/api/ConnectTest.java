package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConnectTest {
  @Test
  @Timeout(60)
  void a_kafka_that_is_not_there_is_told_with_its_address_after_the_connect_timeout()
      throws IOException {
    long start = System.nanoTime();
    // Nobody else gets a port that is taken, and nobody listens there.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThatThrownBy(() -> connect(address, "1000"))
          .isInstanceOfSatisfying(
              ShardstreamException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_UNREACHABLE))
          .hasMessage(
              "Kafka is not reachable at %s (waited 1 s): check the address and the broker",
              address);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void settings_that_make_no_sense_are_told_by_name() {
    assertThatThrownBy(() -> Shardstream.connect(Map.of("bootstrap.servers", "x:1")))
        .hasMessageContaining("schema.registry.url");
    assertThatThrownBy(() -> connect("x:1", "soon")).hasMessageContaining("connect.timeout.ms");
    assertThatThrownBy(() -> Shardstream.connect(Path.of("no", "such.properties")))
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_ERROR));
  }

  private static void connect(String address, String timeout) {
    Shardstream.connect(
            Map.of(
                "bootstrap.servers", address,
                "schema.registry.url", "http://127.0.0.1:1",
                "connect.timeout.ms", timeout))
        .close();
  }
}
