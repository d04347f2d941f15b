package dev.shardstream.benchmarks.ddl;

import dev.shardstream.benchmarks.ddl.DdlLoad.Phase;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How fast DDL is, by the number of tables in the catalog. */
@Command(
    name = "benchmarks/ddl",
    mixinStandardHelpOptions = true,
    description =
        "Measure DDL commands per second and the time from publish to accepted and to applied, with"
            + " catalogs of several sizes in turn. Broker, registry and control plane are real, one"
            + " of each for every size; the workers are phantoms that answer at once.")
final class DdlBenchmark implements Callable<Integer> {
  @Option(names = "--tables", split = ",", description = "Sizes of the catalogs.")
  private List<Integer> sizes = List.of(1, 100, 10_000);

  @Option(names = "--rounds", description = "How often each size has its turn.")
  private int rounds = 2;

  @Option(names = "--seconds", description = "How long each phase of a turn takes.")
  private int seconds = 20;

  @Option(
      names = "--dir",
      description = "Where the clusters keep their data; those of an earlier run are used again.")
  private Path directory = Path.of("benchmarks/target/ddl");

  @Spec private @Nullable CommandSpec spec;

  private DdlBenchmark() {}

  /** Runs it; the figures go to standard output. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DdlBenchmark()).execute(arguments));
  }

  /** A catalog of one size. */
  private record Subject(int tables, Stack stack, DdlLoad load) {}

  @Override
  public Integer call() {
    List<Subject> subjects = new ArrayList<>();
    try {
      for (int size : sizes) {
        subjects.add(start(size));
      }
      warmUp(subjects);
      measure(subjects);
    } finally {
      for (Subject subject : subjects) {
        subject.load().close();
        subject.stack().close();
      }
    }
    return 0;
  }

  private Subject start(int size) {
    Stack stack = Stack.start(directory.resolve("tables-" + size));
    Subject subject = new Subject(size, stack, new DdlLoad(stack.client(), size));
    Phase filled = subject.load().fill();
    print(
        "%,d tables: filled in %d s (%.1f commands/s), %,d in the catalog"
            .formatted(
                size, filled.took().toSeconds(), filled.perSecond(), stack.nodes().activeTables()));
    return subject;
  }

  /** The first commands run code that nobody has compiled yet. */
  private void warmUp(List<Subject> subjects) {
    for (Subject subject : subjects) {
      subject.load().alterSustained(Duration.ofSeconds(seconds));
    }
  }

  private void measure(List<Subject> subjects) {
    Duration turn = Duration.ofSeconds(seconds);
    print(
        "| tables | round | phase | commands | commands/s | accepted p50 / p99 | applied p50 / p99 |");
    print("| ---: | ---: | --- | ---: | ---: | ---: | ---: |");
    for (int round = 1; round <= rounds; round++) {
      for (Subject subject : subjects) {
        Map<String, Phase> phases = new LinkedHashMap<>();
        phases.put("ALTER, one by one", subject.load().alterOneByOne(turn));
        phases.put("ALTER, 64 at once", subject.load().alterSustained(turn));
        phases.put("CREATE, one by one", subject.load().create(turn));
        for (Map.Entry<String, Phase> phase : phases.entrySet()) {
          print(line(subject.tables(), round, phase.getKey(), phase.getValue()));
        }
      }
    }
  }

  private static String line(int tables, int round, String name, Phase phase) {
    return "| %,d | %d | %s | %,d | %.1f | %.0f / %.0f ms | %.0f / %.0f ms |"
        .formatted(
            tables,
            round,
            name,
            phase.commands(),
            phase.perSecond(),
            phase.accepted().millis(50),
            phase.accepted().millis(99),
            phase.applied().millis(50),
            phase.applied().millis(99));
  }

  private void print(String line) {
    PrintWriter out =
        Objects.requireNonNull(spec, "runs without its command line").commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
