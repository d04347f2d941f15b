package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ClientOptionsTest {
  @TempDir private Path directory;

  @Test
  void a_cluster_is_found_by_its_data_directory() throws IOException {
    Files.writeString(directory.resolve("client.properties"), "bootstrap.servers=here:1\n");
    Map<String, String> environment = Map.of("SHARDSTREAM_DATA_DIR", directory.toString());

    assertThat(options(environment).settings()).containsEntry("bootstrap.servers", "here:1");
    assertThat(options(Map.of(), "--data-dir", directory.toString()).settings())
        .containsEntry("bootstrap.servers", "here:1");
  }

  @Test
  void a_file_that_is_named_wins_over_the_directory() throws IOException {
    Files.writeString(directory.resolve("client.properties"), "bootstrap.servers=here:1\n");
    Path file = Files.writeString(directory.resolve("other"), "bootstrap.servers=there:2\n");
    Map<String, String> environment =
        Map.of("SHARDSTREAM_DATA_DIR", directory.toString(), "SHARDSTREAM_CONFIG", file.toString());

    assertThat(options(environment).settings()).containsEntry("bootstrap.servers", "there:2");
    assertThat(options(Map.of(), "--config", file.toString(), "--database", "d").settings())
        .containsEntry("bootstrap.servers", "there:2")
        .containsEntry("database", "d");
  }

  @Test
  void the_environment_alone_is_enough() {
    Map<String, String> environment =
        Map.of(
            "SHARDSTREAM_BOOTSTRAP_SERVERS", "env:3", "SHARDSTREAM_DATA_DIR", directory.toString());

    assertThat(options(environment).settings()).containsEntry("bootstrap.servers", "env:3");
  }

  @Test
  void without_a_cluster_the_error_says_where_it_was_looked_for() {
    assertThatThrownBy(
            () -> options(Map.of("SHARDSTREAM_DATA_DIR", directory.toString())).settings())
        .hasMessage("No Shardstream is running from " + directory + ": start it with 'up'");
    assertThatThrownBy(() -> options(Map.of(), "--config", directory + "/none").settings())
        .hasMessage(directory + "/none: cannot be read");
  }

  @Test
  void an_id_is_given_by_an_option_and_a_trace_context_by_the_calling_process() {
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Map<String, String> environment =
        Map.of(
            "SHARDSTREAM_BOOTSTRAP_SERVERS",
            "env:3",
            "SHARDSTREAM_DATA_DIR",
            directory.toString(),
            "TRACEPARENT",
            parent,
            "TRACESTATE",
            "vendor=1");

    assertThat(options(environment, "--correlation-id", "invoice-17").settings())
        .containsEntry("correlation.id", "invoice-17")
        .containsEntry("traceparent", parent)
        .containsEntry("tracestate", "vendor=1");
    Map<String, String> garbled = new java.util.HashMap<>(environment);
    garbled.put("TRACEPARENT", "none");
    assertThat(options(garbled).settings())
        .doesNotContainKeys("correlation.id", "traceparent", "tracestate");
  }

  @Test
  void stack_traces_are_for_who_asks() {
    assertThat(options(Map.of()).isDebug()).isFalse();
    assertThat(options(Map.of("SHARDSTREAM_DEBUG", "1")).isDebug()).isTrue();
    assertThat(options(Map.of(), "--debug").isDebug()).isTrue();
  }

  private static ClientOptions options(Map<String, String> environment, String... arguments) {
    Probe probe = new Probe(new ClientOptions(environment));
    new CommandLine(probe).parseArgs(arguments);
    return probe.options;
  }

  @Command
  private static final class Probe {
    @Mixin private final ClientOptions options;

    Probe(ClientOptions options) {
      this.options = options;
    }
  }
}
