package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.DdlOperations;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.ddl.DdlAnswer;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ddl publish}: sends DDL events to the control plane. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description =
        "Publish the DDL events of a file: one JSON object or an array of them. All are checked"
            + " before the first is sent.")
final class DdlPublishCommand extends ClientCommand {
  @Parameters(paramLabel = "FILE.json", description = "The file.")
  private Path file = Path.of("");

  @Option(
      names = "--wait",
      description =
          "Wait until each is applied (a reshard: accepted). Status 1 if one is rejected.")
  private boolean wait;

  @Override
  int run() {
    String json = read();
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      DdlOperations ddl = shardstream.ddl();
      List<DdlCommand> commands = ddl.parse(json);
      return wait ? publishAndWait(ddl, commands) : publish(ddl, commands);
    }
  }

  private String read() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, file, "cannot be read").causedBy(e);
    }
  }

  private int publish(DdlOperations ddl, List<DdlCommand> commands) {
    for (DdlCommand command : commands) {
      ddl.publish(command);
      out().println(DdlLines.published(command));
    }
    return OK;
  }

  /** All are published before the first is waited for: a command may depend on a later one. */
  private int publishAndWait(DdlOperations ddl, List<DdlCommand> commands) {
    List<DdlAnswer> answers = new ArrayList<>();
    try {
      commands.forEach(command -> answers.add(ddl.publishForAnswer(command)));
      int status = OK;
      for (DdlAnswer answer : answers) {
        status = Math.max(status, print(answer));
      }
      return status;
    } finally {
      answers.forEach(DdlAnswer::close);
    }
  }

  private int print(DdlAnswer answer) {
    try {
      out().println(DdlLines.result(answer.await()));
      out().flush();
      return OK;
    } catch (ShardstreamException e) {
      report(e);
      return FAILED;
    }
  }
}
