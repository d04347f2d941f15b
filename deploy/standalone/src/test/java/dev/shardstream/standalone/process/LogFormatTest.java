package dev.shardstream.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.trace.LogField;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceScope;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** The logging of the processes that the launcher starts, and of those in containers. */
class LogFormatTest {
  private static final TraceScope SCOPE =
      TraceScope.none()
          .with(TraceContext.of("invoice-17"))
          .with(LogField.RESHARD, "orders-9")
          .with(LogField.TABLE, "orders-1")
          .with(LogField.SHARD, "orders-1/3");

  @TempDir Path directory;

  @Test
  void a_line_of_text_ends_with_what_it_is_about_if_it_is_about_something() throws Exception {
    List<String> lines = launched(Map.of());

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .matches("\\S+Z INFO  \\[main] dev\\.shardstream\\.test copy\\.done rows=7");
    assertThat(lines.get(1))
        .matches("\\S+Z INFO  \\[main] dev\\.shardstream\\.test copy\\.done rows=7 \\[.+]")
        .contains("correlation=invoice-17", "reshard=orders-9", "shard=orders-1/3");
  }

  @Test
  void a_line_of_json_has_fields() throws Exception {
    List<String> lines = launched(Map.of("SHARDSTREAM_LOG_FORMAT", "json"));

    assertThat(lines).hasSize(2);
    assertJson(lines.get(1));
  }

  @Test
  void containers_speak_json_unless_told_otherwise() throws Exception {
    URL images = Path.of("../images/etc/logback.xml").toUri().toURL();
    String said = spoken(() -> log(images, Map.of("SHARDSTREAM_NODE_ID", "node-1")));
    assertJson(said.lines().toList().get(1));

    String text = spoken(() -> log(images, Map.of("SHARDSTREAM_LOG_FORMAT", "text")));
    assertThat(text.lines().toList().get(1)).contains("[main]", "correlation=invoice-17");
  }

  @Test
  void processes_of_other_supervisors_speak_text_unless_told_otherwise() throws Exception {
    URL own = getClass().getResource("/logback.xml");
    String text = spoken(() -> log(own, Map.of()));
    assertThat(text.lines().toList().get(1)).contains("[main]", "correlation=invoice-17");

    String json =
        spoken(
            () ->
                log(
                    own,
                    Map.of("SHARDSTREAM_LOG_FORMAT", "json", "SHARDSTREAM_NODE_ID", "node-1")));
    assertJson(json.lines().toList().get(1));
  }

  private static void assertJson(String line) {
    JsonNode json = Json.read(line, JsonNode.class);
    assertThat(json.get("formattedMessage").textValue()).isEqualTo("copy.done rows=7");
    assertThat(json.get("level").textValue()).isEqualTo("INFO");
    assertThat(json.get("context").get("properties").get("node").textValue()).isEqualTo("node-1");
    assertThat(json.get("mdc"))
        .isEqualTo(
            Json.mapper()
                .valueToTree(
                    Map.of(
                        "correlation", "invoice-17",
                        "reshard", "orders-9",
                        "table", "orders-1",
                        "shard", "orders-1/3")));
    assertThat(json.has("arguments")).isFalse();
  }

  private interface Speaking {
    void run() throws Exception;
  }

  private static String spoken(Speaking speaking) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      speaking.run();
    } finally {
      System.setOut(before);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  private List<String> launched(Map<String, String> environment) throws Exception {
    Path file = directory.resolve("node-1.log");
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.put("shardstream.log.file", file.toString());
    all.put("shardstream.log.node", "node-1");
    log(getClass().getResource("/dev/shardstream/standalone/server-logback.xml"), all);
    return Files.readAllLines(file);
  }

  /** One line about nothing, one about something. */
  private static void log(URL configuration, Map<String, String> properties) throws Exception {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    properties.forEach(context::putProperty);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(configuration);
    Logger log = context.getLogger("dev.shardstream.test");
    log.info("copy.done rows={}", 7);
    SCOPE.run(() -> log.info("copy.done rows={}", 7));
    context.stop();
  }
}
