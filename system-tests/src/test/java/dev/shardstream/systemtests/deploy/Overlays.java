package dev.shardstream.systemtests.deploy;

import java.util.List;
import java.util.stream.Stream;

/** What can be applied, rendered once for all tests. */
final class Overlays {
  private Overlays() {}

  private static final class Holder {
    static final List<Rendered> ALL =
        List.of(
            overlay("dev"),
            overlay("production"),
            overlay("production-strimzi"),
            changed("autoscale-cpu"),
            changed("gateway", "gateway-production", "snapshots"));

    private static Rendered changed(String... components) {
      return Rendered.of(String.join(", ", components), Kustomize.render("production", components));
    }

    private static Rendered overlay(String name) {
      return Rendered.of(
          name, Kustomize.render(Kustomize.KUBERNETES.resolve("overlays").resolve(name)));
    }
  }

  /**
   * @throws IllegalArgumentException when one of them is not what Kubernetes knows
   */
  static Stream<Rendered> all() {
    return Holder.ALL.stream();
  }

  static Rendered one(String name) {
    return all().filter(rendered -> rendered.name().equals(name)).findFirst().orElseThrow();
  }
}
