package dev.shardstream.systemtests.deploy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What runs pods, whatever its kind.
 *
 * @param labels of its pods
 * @param claims names of the volumes that each pod has for itself
 */
record Workload(
    String kind, String name, Map<String, String> labels, PodSpec pod, Set<String> claims) {

  /** Our processes; what else runs is other people's and has images that need other rights. */
  static final Set<String> OURS =
      Set.of(
          "streams-app",
          "shard-worker",
          "shardstream-cli",
          "shardstream-gateway",
          "shardstream-rebalance",
          "shardstream-snapshots");

  static Workload of(HasMetadata resource) {
    if (resource instanceof StatefulSet set) {
      return of(
          set,
          set.getSpec().getTemplate(),
          set.getSpec().getVolumeClaimTemplates().stream()
              .map(PersistentVolumeClaim::getMetadata)
              .map(metadata -> metadata.getName())
              .collect(Collectors.toSet()));
    }
    if (resource instanceof Deployment deployment) {
      return of(deployment, deployment.getSpec().getTemplate(), Set.of());
    }
    CronJob job = (CronJob) resource;
    return of(job, job.getSpec().getJobTemplate().getSpec().getTemplate(), Set.of());
  }

  private static Workload of(HasMetadata resource, PodTemplateSpec template, Set<String> claims) {
    return new Workload(
        resource.getKind(),
        resource.getMetadata().getName(),
        template.getMetadata().getLabels(),
        template.getSpec(),
        claims);
  }

  boolean isOurs() {
    return OURS.contains(name);
  }

  /** Whether it is one of ours that others call. */
  boolean listens() {
    return isOurs() && containers().stream().anyMatch(container -> !container.getPorts().isEmpty());
  }

  /** Whether it is to run for ever, so that somebody has to look whether it does. */
  boolean isService() {
    return !kind.equals("CronJob");
  }

  List<Container> containers() {
    return pod.getContainers();
  }

  boolean hasLabels(Map<String, String> wanted) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }
}
