package dev.shardstream.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What watches a cluster fits to what runs there. */
class MonitoringTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern METRIC = Pattern.compile("shardstream_[a-z_]+");

  /** With the head that docs/operations.md puts before them. */
  @Test
  void the_alerts_are_what_prometheus_operator_takes() throws IOException {
    String rules = Files.readString(PROJECT.resolve("deploy/prometheus/rules.yaml"));
    JsonNode document =
        StrictYaml.documents(
                """
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: shardstream
                spec:
                """
                    + rules.indent(2))
            .get(0);
    assertThat(StrictYaml.read(document, PrometheusRule.class).getSpec().getGroups())
        .isNotEmpty()
        .allSatisfy(group -> assertThat(group.getRules()).isNotEmpty());
  }

  @Test
  @EnabledIf(
      value = "dev.shardstream.systemtests.deploy.Kustomize#canRender",
      disabledReason = "kubectl, 1.21 or later, is not on the path (Debian: kubernetes-client)")
  void scalers_go_by_metrics_that_there_are() throws IOException {
    String page = Files.readString(PROJECT.resolve("docs/metrics.md"));
    Set<String> asked = new TreeSet<>();
    for (JsonNode scaler : Overlays.one("production-strimzi").scaledObjects()) {
      for (JsonNode trigger : scaler.at("/spec/triggers")) {
        Matcher metric = METRIC.matcher(trigger.at("/metadata/query").asText());
        assertThat(metric.find()).as(trigger.toString()).isTrue();
        asked.add(metric.group());
      }
    }
    assertThat(asked).hasSize(2).allMatch(name -> page.contains("| `" + name + "` |"));
  }
}
