package dev.shardstream.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboards are made of metrics that are there. */
class DashboardsTest {
  private static final Path DIRECTORY = MetricsPage.repository("deploy/grafana");

  /** What is worth a look only when one asks for it. */
  private static final Set<String> NOWHERE =
      Set.of("shardstream_worker_copy_limit_rows_per_second");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");

  @ParameterizedTest
  @ValueSource(strings = {"overview", "reshard", "shard", "ddl"})
  void a_dashboard_reads_metrics_that_are_documented_and_variables_that_it_has(String name)
      throws IOException {
    JsonNode dashboard = read(DIRECTORY.resolve(name + ".json"));
    assertThat(dashboard.path("uid").asText()).isEqualTo("shardstream-" + name);
    Set<String> variables = new TreeSet<>(Set.of("__rate_interval"));
    dashboard
        .path("templating")
        .path("list")
        .forEach(variable -> variables.add(variable.path("name").asText()));

    MetricsPage page = MetricsPage.read();
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(panel.path("targets")).as(panel.path("title").asText()).isNotEmpty();
      for (JsonNode target : panel.path("targets")) {
        String expression = target.path("expr").asText();
        assertThat(page.unknownIn(expression)).as(expression).isEmpty();
        Matcher variable = VARIABLE.matcher(expression);
        while (variable.find()) {
          assertThat(variables).as(expression).contains(variable.group(1));
        }
      }
    }
    assertThat(page.unknownIn(dashboard.path("templating").toString())).isEmpty();
  }

  @Test
  void every_metric_of_ours_is_on_a_dashboard_or_in_an_alert() throws IOException {
    StringBuilder used =
        new StringBuilder(Files.readString(MetricsPage.repository("deploy/prometheus/rules.yaml")));
    try (Stream<Path> dashboards = Files.list(DIRECTORY)) {
      for (Path dashboard : dashboards.toList()) {
        used.append(Files.readString(dashboard));
      }
    }
    assertThat(MetricsPage.read().names())
        .allMatch(name -> used.indexOf(name) >= 0 || NOWHERE.contains(name));
  }

  private static JsonNode read(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }
}
