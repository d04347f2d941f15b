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
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /**
   * Renders an overlay with more components named before its own, as in a copy that somebody
   * changes.
   */
  static String render(String overlay, String... components) {
    Path source = KUBERNETES.resolve("overlays").resolve(overlay);
    try (Stream<Path> files = Files.list(source)) {
      Path copy =
          Files.createDirectories(WORK.resolve(overlay + "-" + String.join("-", components)));
      String kubernetes = absolute(copy).relativize(absolute(KUBERNETES)) + "/";
      String named =
          Arrays.stream(components)
              .map(component -> "  - ../../components/" + component + "\n")
              .collect(Collectors.joining());
      for (Path file : files.toList()) {
        Files.writeString(
            copy.resolve(file.getFileName()),
            Files.readString(file)
                .replaceFirst("\ncomponents:\n", "$0" + named)
                .replace("../../", kubernetes));
      }
      return render(copy);
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
