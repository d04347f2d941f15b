package dev.shardstream.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a resource names is there, or is what README.md tells the operator to bring. */
@EnabledIf(
    value = "dev.shardstream.systemtests.deploy.Kustomize#canRender",
    disabledReason = "kubectl, 1.21 or later, is not on the path (Debian: kubernetes-client)")
class ReferencesTest {
  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void volumes_are_those_that_are_mounted_and_hold_what_is_there(Rendered overlay) {
    for (Workload workload : overlay.workloads()) {
      Set<String> volumes = new TreeSet<>(workload.claims());
      for (Volume volume : workload.pod().getVolumes()) {
        volumes.add(volume.getName());
        if (volume.getConfigMap() != null) {
          assertThat(overlay.names(ConfigMap.class)).contains(volume.getConfigMap().getName());
        } else if (volume.getSecret() != null) {
          for (KeyToPath item : volume.getSecret().getItems()) {
            assertBrought(volume.getSecret().getSecretName(), item.getKey());
          }
        } else {
          assertThat(volume.getEmptyDir()).as(volume.getName()).isNotNull();
          assertThat(volume.getEmptyDir().getSizeLimit()).as(volume.getName()).isNotNull();
        }
      }
      Set<String> mounted =
          workload.containers().stream()
              .flatMap(container -> container.getVolumeMounts().stream())
              .map(VolumeMount::getName)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(mounted).as(workload.name()).isEqualTo(volumes);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void settings_come_from_what_is_there(Rendered overlay) {
    for (Workload workload : overlay.workloads()) {
      for (Container container : workload.containers()) {
        for (EnvFromSource source : container.getEnvFrom()) {
          if (source.getSecretRef() != null) {
            assertBrought(source.getSecretRef().getName(), "every key");
          } else {
            assertThat(overlay.names(ConfigMap.class)).contains(source.getConfigMapRef().getName());
          }
        }
        for (EnvVar variable : container.getEnv()) {
          if (variable.getValueFrom() != null
              && variable.getValueFrom().getSecretKeyRef() != null) {
            SecretKeySelector secret = variable.getValueFrom().getSecretKeyRef();
            assertBrought(secret.getName(), secret.getKey());
          }
        }
      }
    }
  }

  /** In the table of the page that says what an operator brings. */
  private static void assertBrought(String secret, String key) {
    try {
      assertThat(Files.readString(Kustomize.KUBERNETES.resolve("README.md")))
          .containsAnyOf(
              "| `" + secret + "` | `" + key + "` |", "| `" + secret + "` | " + key + " |");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void services_accounts_budgets_and_policies_are_those_of_workloads(Rendered overlay) {
    for (Workload workload : overlay.workloads()) {
      String account = workload.pod().getServiceAccountName();
      if (account != null) {
        assertThat(overlay.names(ServiceAccount.class)).contains(account);
      }
    }
    overlay
        .all(StatefulSet.class)
        .forEach(
            set ->
                assertThat(overlay.names(Service.class)).contains(set.getSpec().getServiceName()));
    overlay
        .all(Service.class)
        .forEach(
            service -> {
              assertSelected(overlay, service.getSpec().getSelector());
              service
                  .getSpec()
                  .getPorts()
                  .forEach(
                      port ->
                          assertThat(ports(overlay, service.getSpec().getSelector()))
                              .contains(port.getTargetPort().getStrVal()));
            });
    overlay
        .all(PodDisruptionBudget.class)
        .forEach(budget -> assertSelected(overlay, labels(budget.getSpec().getSelector())));
    overlay
        .all(NetworkPolicy.class)
        .forEach(policy -> assertSelected(overlay, labels(policy.getSpec().getPodSelector())));
  }

  private static Map<String, String> labels(LabelSelector selector) {
    assertThat(selector.getMatchExpressions()).isEmpty();
    return selector.getMatchLabels();
  }

  private static void assertSelected(Rendered overlay, Map<String, String> labels) {
    assertThat(overlay.workloads())
        .as("workloads with the labels " + labels)
        .anyMatch(workload -> workload.hasLabels(labels));
  }

  private static Set<String> ports(Rendered overlay, Map<String, String> labels) {
    return overlay.workloads().stream()
        .filter(workload -> workload.hasLabels(labels))
        .flatMap(workload -> workload.containers().stream())
        .flatMap(container -> container.getPorts().stream())
        .map(port -> port.getName())
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void what_is_scraped_is_a_service_with_that_port(Rendered overlay) {
    overlay
        .all(ServiceMonitor.class)
        .forEach(
            monitor -> {
              List<Service> scraped =
                  overlay
                      .all(Service.class)
                      .filter(
                          service ->
                              service
                                  .getMetadata()
                                  .getLabels()
                                  .entrySet()
                                  .containsAll(labels(monitor.getSpec().getSelector()).entrySet()))
                      .toList();
              assertThat(scraped).as(monitor.getMetadata().getName()).hasSize(1);
              monitor
                  .getSpec()
                  .getEndpoints()
                  .forEach(
                      endpoint -> {
                        assertThat(scraped.get(0).getSpec().getPorts())
                            .extracting(port -> port.getName())
                            .contains(endpoint.getPort());
                        if (endpoint.getTlsConfig() != null) {
                          SecretKeySelector authority = endpoint.getTlsConfig().getCa().getSecret();
                          assertBrought(authority.getName(), authority.getKey());
                        }
                      });
            });
  }

  @ParameterizedTest
  @MethodSource("dev.shardstream.systemtests.deploy.Overlays#all")
  void what_is_scaled_is_there_and_scaled_once_and_workers_are_never_taken_away(Rendered overlay) {
    List<String> scaled = new ArrayList<>();
    overlay
        .all(HorizontalPodAutoscaler.class)
        .forEach(
            scaler ->
                scaled(
                    scaled,
                    scaler.getSpec().getScaleTargetRef().getName(),
                    scaler.getSpec().getBehavior()));
    for (JsonNode object : overlay.scaledObjects()) {
      scaled(
          scaled,
          object.at("/spec/scaleTargetRef/name").asText(),
          StrictYaml.read(
              object.at("/spec/advanced/horizontalPodAutoscalerConfig/behavior"),
              HorizontalPodAutoscalerBehavior.class));
    }
    assertThat(overlay.workloads()).extracting(Workload::name).containsAll(scaled);
    assertThat(scaled).doesNotHaveDuplicates();
  }

  private static void scaled(
      List<String> scaled, String target, HorizontalPodAutoscalerBehavior behavior) {
    scaled.add(target);
    if (target.equals("shard-worker")) {
      assertThat(behavior.getScaleDown().getSelectPolicy()).isEqualTo("Disabled");
    }
  }
}
