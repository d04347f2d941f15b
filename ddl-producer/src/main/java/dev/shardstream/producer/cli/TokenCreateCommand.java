package dev.shardstream.producer.cli;

import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Principals;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code token create}: the token goes into a file that only its owner can read, and what is
 * printed is no secret.
 */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Make a token. Prints the line by which servers know it, for their"
          + " http.auth.principals.file; the token itself goes into a file, for the caller's"
          + " http.auth.token.file.",
      "Speaks to no cluster."
    })
final class TokenCreateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME", description = "Who will show it.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "ROLE",
      description = "What it may do: ${COMPLETION-CANDIDATES}.")
  private Role role = Role.READ;

  @Option(
      names = "--token-file",
      required = true,
      paramLabel = "FILE",
      description = "Where the token goes: a file that is not there yet.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    Principal principal = Principals.named(name, role);
    String token = Token.create(new SecureRandom());
    write(token + "\n");
    CommandSpec own = Objects.requireNonNull(spec, "the command runs without its command line");
    own.commandLine().getOut().println(Token.line(principal, token));
    own.commandLine().getOut().flush();
    return ClientCommand.OK;
  }

  private void write(String text) {
    try {
      Files.createFile(file, forItsOwner());
      Files.writeString(file, text, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, file, "cannot be made").causedBy(e);
    }
  }

  private FileAttribute<?>[] forItsOwner() {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
