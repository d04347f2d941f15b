package dev.shardstream.systemtests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that ran to its end.
 *
 * @param status its exit status
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
public record ProgramRun(int status, String out, String err) {

  /**
   * Runs a program until it ends.
   *
   * @param directory it runs in; its output is kept there as {@code program.out}, {@code .err}
   * @param environment variables besides this JVM's own
   * @param input what it reads from standard input
   * @param limit after which it is killed
   * @throws IllegalStateException if it does not end in time; says what it printed
   */
  public static ProgramRun of(
      List<String> command,
      Path directory,
      Map<String, String> environment,
      String input,
      Duration limit) {
    try {
      Path in = directory.resolve("program.in");
      Path out = directory.resolve("program.out");
      Path err = directory.resolve("program.err");
      Files.writeString(in, input);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = waitFor(process, limit);
      ProgramRun run = new ProgramRun(ended ? process.exitValue() : -1, read(out), read(err));
      if (!ended) {
        throw new IllegalStateException(command + " did not end within " + limit + ": " + run);
      }
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    }
  }

  private static boolean waitFor(Process process, Duration limit) throws IOException {
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      return ended;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a program", e);
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /**
   * The run itself, if it went well.
   *
   * @throws AssertionError otherwise, with all it printed
   */
  public ProgramRun succeeded() {
    if (status != 0) {
      throw new AssertionError("exit status " + status + "\nout: " + out + "\nerr: " + err);
    }
    return this;
  }
}
