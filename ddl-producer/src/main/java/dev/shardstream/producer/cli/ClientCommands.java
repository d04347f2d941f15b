package dev.shardstream.producer.cli;

import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** The list of the client's commands, for every root that wants them. */
public final class ClientCommands {
  private ClientCommands() {}

  /**
   * Adds all commands of the client to a root that has its own already, and gives all of them what
   * they have in common: errors in one form, names in any case, and output in UTF-8 whatever the
   * terminal's language is, because CSV and JSON are read by programs.
   *
   * @return the root
   */
  public static CommandLine addTo(CommandLine root) {
    return addTo(root, List.of());
  }

  /**
   * As {@link #addTo(CommandLine)}, with more to do with snapshots than a client alone can.
   *
   * @param ofSnapshots further commands of {@code snapshot}
   */
  public static CommandLine addTo(CommandLine root, List<Object> ofSnapshots) {
    commands().forEach(root::addSubcommand);
    CommandLine snapshot = new CommandLine(new SnapshotCommand());
    ofSnapshots.forEach(snapshot::addSubcommand);
    root.addSubcommand(snapshot);
    ErrorLine errors = new ErrorLine();
    return root.setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(utf8(System.out))
        .setErr(utf8(System.err));
  }

  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(
        new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)), true);
  }

  private static List<Object> commands() {
    return List.of(
        new SqlCommand(),
        new ImportCommand(),
        new ExportCommand(),
        new ReshardCommand(),
        new MoveCommand(),
        new RebalanceCommand(),
        new VerifyCommand(),
        new NodeCommand(),
        new RecoverCommand(),
        new RetentionCommand(),
        new LagCommand(),
        new TopCommand(),
        new DdlCommand(),
        new ServeCommand(),
        new TokenCommand());
  }
}
