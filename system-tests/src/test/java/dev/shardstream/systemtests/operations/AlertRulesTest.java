package dev.shardstream.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shardstream.systemtests.process.ProgramRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alerts: what they read exists, what they do is tried, and what to do then is written down.
 */
class AlertRulesTest {
  private static final Path DIRECTORY = MetricsPage.repository("deploy/prometheus");
  private static final YAMLMapper YAML = new YAMLMapper(new YAMLFactory());

  @TempDir private Path directory;

  private final List<JsonNode> alerts = alerts();

  private static List<JsonNode> alerts() {
    return StreamSupport.stream(read("rules.yaml").path("groups").spliterator(), false)
        .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
        .toList();
  }

  private static JsonNode read(String file) {
    try {
      return YAML.readTree(DIRECTORY.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void every_metric_that_an_alert_reads_is_documented() {
    MetricsPage page = MetricsPage.read();
    Map<String, Set<String>> unknown = new TreeMap<>();
    for (JsonNode alert : alerts) {
      Set<String> names = page.unknownIn(alert.path("expr").asText());
      if (!names.isEmpty()) {
        unknown.put(name(alert), names);
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void every_alert_has_a_severity_and_says_what_happened_and_where_to_read_on() {
    for (JsonNode alert : alerts) {
      assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning");
      assertThat(alert.path("annotations").path("summary").asText()).as(name(alert)).isNotBlank();
      assertThat(alert.path("annotations").path("description").asText())
          .as(name(alert))
          .endsWith(".");
      assertThat(alert.path("annotations").path("runbook_url").asText())
          .isEqualTo("docs/operations.md#" + name(alert).toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void every_alert_has_a_runbook_and_every_runbook_an_alert() {
    assertThat(
            MetricsPage.lines(MetricsPage.repository("docs/operations.md")).stream()
                .filter(line -> line.startsWith("### Shardstream")))
        .containsExactlyInAnyOrderElementsOf(
            alerts.stream().map(alert -> "### " + name(alert)).toList());
  }

  @Test
  void every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not() {
    Set<String> firing = new TreeSet<>();
    Set<String> quiet = new TreeSet<>();
    for (JsonNode test : read("rules.test.yaml").path("tests")) {
      for (JsonNode expectation : test.path("alert_rule_test")) {
        (expectation.path("exp_alerts").isEmpty() ? quiet : firing)
            .add(expectation.path("alertname").asText());
      }
    }
    Set<String> names = new TreeSet<>(alerts.stream().map(AlertRulesTest::name).toList());
    assertThat(firing).isEqualTo(names);
    assertThat(quiet).isEqualTo(names);
  }

  @Test
  void prometheus_takes_the_rules_and_they_do_as_their_tests_say() {
    String promtool = requirePromtool();
    for (List<String> command :
        List.of(
            List.of(promtool, "check", "rules", file("rules.yaml")),
            List.of(promtool, "check", "config", file("prometheus.yml")),
            List.of(promtool, "test", "rules", file("rules.test.yaml")))) {
      ProgramRun.of(command, directory, Map.of(), "", Duration.ofMinutes(1)).succeeded();
    }
  }

  private static String requirePromtool() {
    List<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .map(directory -> Path.of(directory, "promtool"))
            .filter(Files::isExecutable)
            .toList();
    assumeTrue(!found.isEmpty(), "promtool is not on the PATH (Debian: prometheus)");
    return found.get(0).toString();
  }

  private static String file(String name) {
    return DIRECTORY.resolve(name).toAbsolutePath().toString();
  }

  private static String name(JsonNode alert) {
    return alert.path("alert").asText();
  }
}
