package dev.shardstream.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.config.GatewayConfig;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.ConfigSource;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.worker.config.WorkerConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each overlay applies is valid, whole and careful. */
@EnabledIf(
    value = "dev.shardstream.systemtests.deploy.Kustomize#canRender",
    disabledReason = "kubectl, 1.21 or later, is not on the path (Debian: kubernetes-client)")
class ManifestsTest {
  @Test
  void every_overlay_and_every_component_is_among_them() throws IOException {
    assertThat(directories("overlays"))
        .containsExactlyInAnyOrder("dev", "production", "production-strimzi");
    String overlays = "";
    for (String overlay : directories("overlays")) {
      overlays +=
          Files.readString(
              Kustomize.KUBERNETES
                  .resolve("overlays")
                  .resolve(overlay)
                  .resolve("kustomization.yaml"));
    }
    String used = overlays;
    assertThat(directories("components"))
        .filteredOn(component -> !used.contains("components/" + component + "\n"))
        .containsExactly("autoscale-cpu", "gateway-production", "snapshots");
  }

  private static List<String> directories(String kind) throws IOException {
    try (Stream<Path> found = Files.list(Kustomize.KUBERNETES.resolve(kind))) {
      return found.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void no_pod_has_more_rights_than_it_needs(Rendered overlay) {
    for (Workload workload : overlay.workloads()) {
      PodSpec pod = workload.pod();
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).as(workload.name()).isTrue();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      assertThat(pod.getAutomountServiceAccountToken()).as(workload.name()).isFalse();
      // Variables of services begin like those of settings.
      assertThat(pod.getEnableServiceLinks()).as(workload.name()).isFalse();
      for (Container container : workload.containers()) {
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop())
            .containsExactly("ALL");
        assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        if (workload.isOurs()) {
          assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
              .as(workload.name())
              .isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void every_container_has_bounds_and_every_service_is_looked_after(Rendered overlay) {
    for (Workload workload : overlay.workloads()) {
      for (Container container : workload.containers()) {
        assertThat(container.getResources().getLimits()).as(workload.name()).containsKey("memory");
        assertThat(container.getResources().getRequests().keySet())
            .as(workload.name())
            .containsExactlyInAnyOrder("cpu", "memory");
        if (workload.isService()) {
          assertThat(container.getStartupProbe()).as(workload.name()).isNotNull();
          assertThat(container.getLivenessProbe()).as(workload.name()).isNotNull();
          assertThat(container.getReadinessProbe()).as(workload.name()).isNotNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void processes_are_asked_whether_they_live_and_whether_they_are_ready(Rendered overlay) {
    assertThat(overlay.workloads().stream().filter(Workload::listens).map(Workload::name))
        .contains("streams-app", "shard-worker");
    for (Workload workload : overlay.workloads()) {
      if (workload.listens()) {
        Container container = workload.containers().get(0);
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/healthz");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
      }
    }
  }

  private static Workload process(Rendered overlay, String name) {
    return overlay.workloads().stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void every_process_would_start_with_what_it_is_given(Rendered overlay) {
    for (Workload workload : overlay.workloads()) {
      if (workload.isOurs()) {
        Container container = workload.containers().get(0);
        Map<String, String> settings =
            ConfigSource.load(null, Environment.of(overlay, workload, container));
        started(workload.name(), settings);
        assertThat(unknown(keys(workload.name()), settings)).as(workload.name()).isEmpty();
      }
    }
  }

  private static ConfigDef keys(String process) {
    return switch (process) {
      case "streams-app" -> ControlPlaneConfig.keys();
      case "shard-worker" -> WorkerConfig.keys();
      case "shardstream-gateway" -> GatewayConfig.keys();
      default -> ClientConfig.keys();
    };
  }

  private static ClusterConfig started(String process, Map<String, String> settings) {
    return switch (process) {
      case "streams-app" -> ControlPlaneConfig.of(settings);
      case "shard-worker" -> WorkerConfig.of(settings);
      case "shardstream-gateway" -> GatewayConfig.of(settings);
      default -> ClientConfig.of(settings);
    };
  }

  /** A misspelt key is ignored by the process, so it has to be found here. */
  private static Map<String, String> unknown(ConfigDef keys, Map<String, String> settings) {
    Set<String> kafka = AdminClientConfig.configNames();
    Map<String, String> unknown = new TreeMap<>(settings);
    unknown
        .keySet()
        .removeIf(
            key ->
                keys.names().contains(key)
                    || key.startsWith(ClusterConfig.KAFKA_PREFIX)
                        && kafka.contains(key.substring(ClusterConfig.KAFKA_PREFIX.length())));
    return unknown;
  }

  @ParameterizedTest
  @CsvSource({"shard-worker, shard-worker", "streams-app, streams-app-pods"})
  void a_process_is_found_under_the_name_that_it_tells(String process, String service) {
    Overlays.all()
        .forEach(
            overlay -> {
              Workload workload = process(overlay, process);
              assertThat(Environment.of(overlay, workload, workload.containers().get(0)))
                  .containsEntry(
                      "SHARDSTREAM_ADVERTISED_URL",
                      scheme(workload)
                          + "://"
                          + process
                          + "-0."
                          + service
                          + ".the-namespace.svc:8080");
              Service names = overlay.one(Service.class, service);
              assertThat(names.getSpec().getClusterIP()).isEqualTo("None");
              // Its name must not go while it is not ready: it may be the one that has the rows.
              assertThat(names.getSpec().getPublishNotReadyAddresses()).isTrue();
            });
  }

  /** The one that its probes speak. */
  private static String scheme(Workload workload) {
    Set<String> schemes =
        workload.containers().stream()
            .flatMap(
                container ->
                    Stream.of(
                        container.getStartupProbe(),
                        container.getLivenessProbe(),
                        container.getReadinessProbe()))
            .map(probe -> Objects.requireNonNullElse(probe.getHttpGet().getScheme(), "HTTP"))
            .map(scheme -> scheme.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    assertThat(schemes).as(workload.name()).hasSize(1);
    return schemes.iterator().next();
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void a_process_that_has_a_certificate_speaks_https(Rendered overlay) {
    for (Workload workload : overlay.workloads()) {
      if (workload.listens()) {
        assertThat(scheme(workload).equals("https"))
            .as(workload.name())
            .isEqualTo(
                Environment.of(overlay, workload, workload.containers().get(0))
                    .containsKey("SHARDSTREAM_HTTP_TLS_KEYSTORE_FILE"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void a_worker_is_the_same_node_at_every_start(Rendered overlay) {
    Workload worker = process(overlay, "shard-worker");
    assertThat(Environment.of(overlay, worker, worker.containers().get(0)))
        .containsEntry("SHARDSTREAM_NODE_ID", "shard-worker-0");
  }

  /** Otherwise they would be taken where nobody could begin with them, and no log would be cut. */
  @Test
  void snapshots_are_taken_to_where_workers_look_for_them() {
    Rendered overlay = Overlays.one("gateway, gateway-production, snapshots");
    Workload job = process(overlay, "shardstream-snapshots");
    Workload worker = process(overlay, "shard-worker");
    Container container = job.containers().get(0);

    assertThat(container.getArgs()).containsSubsequence("--all", "--to", "$(SNAPSHOT_PLACE)");
    assertThat(Environment.of(overlay, job, container).get("SNAPSHOT_PLACE"))
        .isEqualTo(
            Environment.of(overlay, worker, worker.containers().get(0))
                .get("SHARDSTREAM_SNAPSHOT_PLACE"))
        .startsWith("s3://");
  }
}
