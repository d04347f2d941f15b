package dev.shardstream.systemtests.deploy;

import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.process.ProgramRun;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Renders {@code deploy/kubernetes}, as {@code kubectl apply -k} does. */
final class Kustomize {
  static final Path KUBERNETES = Path.of("..", "deploy", "kubernetes");

  private static final String KUBECTL = "kubectl";
  private static final Path WORK = Path.of("target", "kustomize");

  private Kustomize() {}

  /** Whether there is a kubectl that renders components: from 1.21 on. */
  static boolean canRender() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, KUBECTL)))
        && run("version", "--client", "--output=yaml").out().contains("kustomizeVersion");
  }

  /**
   * @param directory with a kustomization
   * @return documents in YAML
   */
  static String render(Path directory) {
    return run("kustomize", absolute(directory).toString()).succeeded().out();
  }

  /** Renders an overlay with one more component. */
  static String render(String overlay, String component) {
    try {
      Path directory = Files.createDirectories(WORK.resolve(overlay + "-" + component));
      Path kubernetes = absolute(directory).relativize(absolute(KUBERNETES));
      Files.writeString(
          directory.resolve("kustomization.yaml"),
          """
          resources:
            - %1$s/overlays/%2$s
          components:
            - %1$s/components/%3$s
          """
              .formatted(kubernetes, overlay, component));
      return render(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static ProgramRun run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(KUBECTL));
    command.addAll(List.of(arguments));
    try {
      Files.createDirectories(WORK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ProgramRun.of(command, WORK, Map.of(), "", Patience.ONE_STEP);
  }
}
