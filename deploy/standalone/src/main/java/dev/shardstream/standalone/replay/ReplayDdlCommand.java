package dev.shardstream.standalone.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.shardstream.producer.cli.ClientOptions;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlEvents;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay-ddl}: the catalog from the commands alone. */
@Command(
    name = "replay-ddl",
    mixinStandardHelpOptions = true,
    description =
        "Make the catalog anew from the DDL commands alone. With --diff, compare it with the live"
            + " one: exit status 0 if they are the same, 1 if they differ.")
public final class ReplayDdlCommand implements Callable<Integer> {
  private static final int SAME = 0;
  private static final int DIFFERENT = 1;

  @Mixin private final ClientOptions client = new ClientOptions();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "DDL events as JSON: one after the other, or arrays of them.")
  private @Nullable Path file;

  @Option(
      names = "--from-topic",
      description = "Take the commands from the cluster's log. The default without a FILE.")
  private boolean fromTopic;

  @Option(names = "--diff", description = "Compare with the cluster's catalog.")
  private boolean diff;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (fromTopic && file != null) {
      throw usage("--from-topic and FILE exclude each other");
    }
    Path events = file;
    long now = System.currentTimeMillis();
    ReplayReport report = events == null ? fromTopic(now) : fromFile(events, now);
    PrintWriter out = commandLine().getOut();
    report.lines().forEach(out::println);
    out.flush();
    return report.differences() == 0 ? SAME : DIFFERENT;
  }

  private ReplayReport fromTopic(long now) {
    try (ClusterReader cluster = new ClusterReader(ClientConfig.of(client.settings()))) {
      List<LoggedCommand> commands = cluster.commands();
      return diff
          ? ReplayReport.diff(commands, cluster.live(), true, now)
          : ReplayReport.of(commands, now);
    }
  }

  private ReplayReport fromFile(Path events, long now) {
    if (!diff) {
      return ReplayReport.of(read(events, unconnected()), now);
    }
    ClientConfig config = ClientConfig.of(client.settings());
    List<LoggedCommand> commands = read(events, config);
    try (ClusterReader cluster = new ClusterReader(config)) {
      return ReplayReport.diff(commands, cluster.live(), false, now);
    }
  }

  /** A file alone needs no cluster, only the defaults of what its events leave out. */
  private static ClientConfig unconnected() {
    return ClientConfig.of(
        Map.of(ClientConfig.BOOTSTRAP_SERVERS, "none:0", ClientConfig.SCHEMA_REGISTRY_URL, "none"));
  }

  /** The events of a file as commands that came at the beginning of time. */
  static List<LoggedCommand> read(Path events, ClientConfig config) {
    List<LoggedCommand> commands = new ArrayList<>();
    try (MappingIterator<JsonNode> nodes =
        Json.mapper().readerFor(JsonNode.class).readValues(Files.readString(events))) {
      while (nodes.hasNextValue()) {
        DdlEvents.parse(nodes.nextValue().toString(), config)
            .forEach(command -> commands.add(new LoggedCommand(command.getDatabase(), command, 0)));
      }
    } catch (IOException e) {
      throw new ShardstreamException(
              ErrorCode.FILE_ERROR, events, "cannot be read: " + e.getMessage())
          .causedBy(e);
    }
    return List.copyOf(commands);
  }

  private ParameterException usage(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "the command runs without its command line").commandLine();
  }
}
