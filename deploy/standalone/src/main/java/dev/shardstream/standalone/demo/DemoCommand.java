package dev.shardstream.standalone.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.cluster.ClusterOptions;
import dev.shardstream.standalone.cluster.StartListener;
import dev.shardstream.standalone.process.JavaProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: a cluster of its own, the main job under load, and the proof. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Load TPC-H orders, reshard them while they are written and read, and compare the whole"
            + " table with an independent model. Exit status 1 if anything is wrong.")
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--rows", description = "Orders to load. Default: ${DEFAULT-VALUE}.")
  private int rows = 200_000;

  @Option(names = "--from", description = "Shards before. Default: ${DEFAULT-VALUE}.")
  private int from = 4;

  @Option(names = "--to", description = "Shards after. Default: ${DEFAULT-VALUE}.")
  private int to = 8;

  @Option(names = "--nodes", description = "Shard workers. Default: ${DEFAULT-VALUE}.")
  private int nodes = 2;

  @Option(names = "--writers", description = "Live writers. Default: ${DEFAULT-VALUE}.")
  private int writers = 2;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the report there, too.")
  private @Nullable Path report;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = Objects.requireNonNull(spec, "command line").commandLine().getOut();
    DemoPlan plan = new DemoPlan(rows, from, to, writers);
    Path directory = Files.createTempDirectory("shardstream-demo-");
    Progress progress = new Progress(out);
    progress.phase(
        "Starting Kafka, registry, streams-app and " + nodes + " workers in " + directory);
    ClusterOptions options = ClusterOptions.in(directory).withNodes(nodes);
    DemoReport result;
    try (Cluster cluster = Cluster.start(options, narrator(progress))) {
      result = new Demo(cluster.clientSettings(), plan, progress).run();
    } catch (RuntimeException e) {
      out.println("The logs are kept in " + directory.resolve("logs"));
      throw e;
    }
    publish(out, result);
    if (result.clean()) {
      delete(directory);
      return 0;
    }
    out.println("Something is wrong. The data and the logs are kept in " + directory);
    return 1;
  }

  private static StartListener narrator(Progress progress) {
    return new StartListener() {
      @Override
      public void ready(JavaProcess process, Duration took) {
        progress.phase(
            String.format(
                Locale.ROOT, "%s is ready after %.1f s", process.name(), took.toMillis() / 1000.0));
      }
    };
  }

  private void publish(PrintWriter out, DemoReport result) {
    String json = json(result);
    out.println();
    out.println(json);
    out.println();
    out.println(result.clean() ? verdict(result) : "WRONG: see examples above.");
    out.flush();
    if (report != null) {
      try {
        Files.writeString(report, json + "\n");
      } catch (IOException e) {
        throw new ShardstreamException(ErrorCode.FILE_ERROR, report, "cannot be written")
            .causedBy(e);
      }
    }
  }

  private static String json(DemoReport result) {
    try {
      return Json.mapper()
          .writer()
          .with(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String verdict(DemoReport result) {
    return String.format(
        Locale.ROOT,
        "From %d to %d shards in %.1f s while %,d writes were acknowledged and %,d reads answered:%n"
            + "%,d rows compared one by one: 0 lost, 0 duplicated, 0 differing. 0 wrong reads.%n"
            + "Longest gap between acknowledgements %d ms, stalest read %d ms.",
        result.sourceShards(),
        result.targetShards(),
        result.reshardMillis() / 1000.0,
        result.writesDuringReshard(),
        result.reads(),
        result.rows(),
        result.maxAckGapMillis(),
        result.maxReadStalenessMillis());
  }

  private static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(directory)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }
}
