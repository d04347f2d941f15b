package dev.shardstream.systemtests.containers;

import org.testcontainers.utility.DockerImageName;

/** Which images are tested, in the variables that deploy/compose.yaml has too. */
final class Images {
  private Images() {}

  static DockerImageName kafka() {
    return DockerImageName.parse(
            chosen("KAFKA_IMAGE", "apache/kafka:" + System.getProperty("shardstream.tests.kafka")))
        .asCompatibleSubstituteFor("apache/kafka");
  }

  static DockerImageName registry() {
    return DockerImageName.parse(
        chosen(
            "REGISTRY_IMAGE",
            "apicurio/apicurio-registry-mem:" + System.getProperty("shardstream.tests.registry")));
  }

  /** One of ours: streams-app, shard-worker, cli. */
  static DockerImageName own(String name) {
    return DockerImageName.parse(
        "shardstream/" + name + ":" + chosen("SHARDSTREAM_VERSION", "latest"));
  }

  private static String chosen(String variable, String otherwise) {
    return System.getenv().getOrDefault(variable, otherwise);
  }
}
