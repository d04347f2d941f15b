package dev.shardstream.standalone.process;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JVM of the cluster: started with a bounded heap, its log in the data directory, ready when it
 * says so. Also stands for a process that an earlier launcher started: the pid file tells.
 *
 * <p>Not thread-safe: one thread starts and ends a process.
 */
public abstract class JavaProcess {
  /** How a process came to its end. */
  public enum Ending {
    /** It ended by itself when it was asked to. */
    IN_ORDER,
    /** It did not end in time. */
    KILLED
  }

  private static final Logger LOG = LoggerFactory.getLogger(JavaProcess.class);

  /** A few seconds on a machine that has nothing else to do. */
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private static final Duration KILL_LIMIT = Duration.ofMinutes(1);

  private final String name;
  private final ProcessContext context;
  private final PidFile pidFile;
  private final Output output;

  JavaProcess(String name, ProcessContext context) {
    this.name = name;
    this.context = context;
    this.pidFile = new PidFile(context.directory().pid(name));
    this.output = new Output(context.directory().output(name));
  }

  /** Bounds of the JVM. */
  public abstract JvmSize size();

  /** Where it listens, as a person or a client would write it. */
  public abstract String endpoint();

  /** How long a start may take; one that fails is noticed at once. */
  protected Duration startLimit() {
    return START_LIMIT;
  }

  /** How long an orderly end may take before the process is killed. */
  protected abstract Duration stopLimit();

  /** Writes the files the process reads at its start. */
  protected abstract void prepare();

  /**
   * What follows the JVM's bounds: further options, then the main class or jar and its arguments.
   */
  protected abstract List<String> command();

  /** Whether the process can serve now; asked again and again while it starts. */
  protected abstract boolean answers();

  /** For example {@code broker}, {@code node-2}: the name of its log and of its pid file. */
  public final String name() {
    return name;
  }

  /** Where the process logs; rotated, so it is bounded. */
  public final Path log() {
    return context.directory().log(name);
  }

  protected final ProcessContext context() {
    return context;
  }

  /** The pid while it runs. */
  public final OptionalLong pid() {
    return pidFile
        .read()
        .map(process -> OptionalLong.of(process.pid()))
        .orElse(OptionalLong.empty());
  }

  public final boolean isAlive() {
    return pidFile.read().isPresent();
  }

  /** Whether the process of that name runs in the directory, whoever started it. */
  public static boolean isAlive(DataDirectory directory, String name) {
    return new PidFile(directory.pid(name)).read().isPresent();
  }

  /** Whether it runs and can serve. */
  public final boolean isReady() {
    return isAlive() && answers();
  }

  /** Resident memory in bytes; empty if it does not run or the system does not tell. */
  public final OptionalLong residentBytes() {
    OptionalLong pid = pid();
    return pid.isPresent() ? LiveProcess.residentBytes(pid.getAsLong()) : OptionalLong.empty();
  }

  /**
   * Starts the process and returns at once.
   *
   * @throws IllegalStateException if it runs already
   * @throws ShardstreamException FILE_ERROR if the data directory cannot be written
   */
  public final void launch() {
    if (isAlive()) {
      throw new IllegalStateException(name + " runs already");
    }
    prepare();
    output.begin();
    try {
      Process process = builder().start();
      pidFile.write(process.toHandle());
      LOG.info("event=process_started name={} pid={}", name, process.pid());
    } catch (IOException e) {
      throw PropertiesFile.unusable(output.file(), e);
    }
  }

  /**
   * Waits until the process serves.
   *
   * @throws ShardstreamException START_FAILED if it ends or the time is over; names the log
   */
  public final void awaitReady() {
    if (!LiveProcess.await(startLimit(), () -> !isAlive() || answers())) {
      throw new ShardstreamException(ErrorCode.START_FAILED, name, startLimit().toSeconds(), log());
    }
    if (!isAlive()) {
      String words = output.lastLine().map(line -> " (" + line + ")").orElse("");
      throw ShardstreamException.reported(
          ErrorCode.START_FAILED,
          name + " ended while it was starting" + words + ": see " + whereItSpoke());
    }
  }

  /** {@link #launch} and {@link #awaitReady}. */
  public final void start() {
    launch();
    awaitReady();
  }

  /**
   * Ends the process in order (SIGTERM), or kills it when that takes too long.
   *
   * @return how it ended; empty if it did not run
   */
  public final Optional<Ending> stop() {
    return requestStop().map(this::awaitStopped);
  }

  /** Asks the process to end and returns at once; empty if it does not run. */
  public final Optional<ProcessHandle> requestStop() {
    Optional<ProcessHandle> running = pidFile.read();
    running.ifPresent(ProcessHandle::destroy);
    return running;
  }

  /**
   * Waits for the end of a process that was asked to stop, and kills it when that takes too long.
   */
  public final Ending awaitStopped(ProcessHandle process) {
    boolean inOrder = LiveProcess.await(stopLimit(), () -> !LiveProcess.isAlive(process));
    if (!inOrder) {
      killAndWait(process);
    }
    pidFile.delete();
    Ending ending = inOrder ? Ending.IN_ORDER : Ending.KILLED;
    LOG.info("event=process_stopped name={} pid={} ending={}", name, process.pid(), ending);
    return ending;
  }

  /** Ends the process at once (SIGKILL), as a crash would. Does nothing if it does not run. */
  public final void kill() {
    pidFile.read().ifPresent(this::killAndWait);
    pidFile.delete();
  }

  private void killAndWait(ProcessHandle process) {
    process.destroyForcibly();
    if (!LiveProcess.await(KILL_LIMIT, () -> !LiveProcess.isAlive(process))) {
      throw new IllegalStateException(name + " (pid " + process.pid() + ") survives SIGKILL");
    }
  }

  private ProcessBuilder builder() {
    List<String> command = new ArrayList<>(context.entry());
    command.add(JavaCommand.path());
    command.addAll(size().options());
    command.addAll(context.installation().jvmOptions());
    command.add("-Dlogback.configurationFile=dev/shardstream/standalone/server-logback.xml");
    command.add("-Dshardstream.log.file=" + log());
    command.add("-Dshardstream.log.node=" + name);
    command.addAll(command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(JavaCommand.nothing()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.file().toFile()));
    ChildEnvironment.prepare(builder.environment(), context.installation());
    return builder;
  }

  private Path whereItSpoke() {
    return output.lastLine().isPresent() || !Files.exists(log()) ? output.file() : log();
  }
}
