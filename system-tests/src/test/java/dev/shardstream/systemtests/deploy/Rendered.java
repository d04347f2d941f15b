package dev.shardstream.systemtests.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one {@code kubectl apply -k} would apply.
 *
 * @param name of the overlay, for messages
 * @param resources in their order, those that have a model
 * @param scaledObjects KEDA's, which has none
 */
record Rendered(String name, List<HasMetadata> resources, List<JsonNode> scaledObjects) {

  /**
   * @throws IllegalArgumentException when a document is not what Kubernetes knows
   */
  static Rendered of(String name, String text) {
    List<HasMetadata> resources = new ArrayList<>();
    List<JsonNode> scaledObjects = new ArrayList<>();
    for (JsonNode document : StrictYaml.documents(text)) {
      String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
      Class<?> model = Kinds.MODELS.get(kind);
      if (model != null) {
        resources.add((HasMetadata) StrictYaml.read(document, model));
      } else if (kind.equals(Kinds.SCALED_OBJECT)) {
        scaledObjects.add(document);
      } else {
        throw new IllegalArgumentException("no model says what a " + kind + " may have");
      }
    }
    return new Rendered(name, List.copyOf(resources), List.copyOf(scaledObjects));
  }

  <T extends HasMetadata> Stream<T> all(Class<T> type) {
    return resources.stream().filter(type::isInstance).map(type::cast);
  }

  <T extends HasMetadata> Set<String> names(Class<T> type) {
    return all(type).map(one -> one.getMetadata().getName()).collect(Collectors.toSet());
  }

  <T extends HasMetadata> T one(Class<T> type, String name) {
    return all(type)
        .filter(one -> one.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(this.name + " has no " + type + " " + name));
  }

  List<Workload> workloads() {
    return Stream.of(StatefulSet.class, Deployment.class, CronJob.class)
        .flatMap(this::all)
        .map(Workload::of)
        .toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
