package dev.shardstream.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessTest {
  @TempDir private Path directory;
  private Child child;

  @AfterEach
  void ends_the_child() {
    child.kill();
  }

  @Test
  void a_process_that_ends_at_its_start_is_reported_at_once_with_its_last_words() {
    child = child(Doomed.class.getName(), Duration.ofSeconds(60));
    Path output = directory.resolve("logs/child.out");

    for (int start = 0; start < 2; start++) {
      assertThatThrownBy(child::start)
          .isInstanceOfSatisfying(
              ShardstreamException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.START_FAILED))
          .hasMessage(
              "child ended while it was starting (ERROR INVALID_CONFIG: no luck): see " + output);
    }
    assertThat(output).content().hasLineCount(4);
  }

  @Test
  void further_options_reach_the_jvm() {
    child =
        new Child(
            Speaking.class.getName(),
            Duration.ofSeconds(60),
            context(List.of("-Dspoken.first=two", "-Dspoken.second=words")));

    assertThatThrownBy(child::start)
        .hasMessageStartingWith("child ended while it was starting (two words): see ");
  }

  @Test
  void a_process_that_ends_without_a_word_is_reported_with_its_log() throws Exception {
    child = child(Silent.class.getName(), Duration.ofSeconds(60));
    Path log = directory.resolve("logs/child.log");
    Files.createDirectories(log.getParent());
    Files.writeString(log, "what it logged\n");

    assertThatThrownBy(child::start).hasMessage("child ended while it was starting: see " + log);
  }

  @Test
  void a_process_that_never_serves_is_reported_when_its_time_is_over() {
    child = child(Patient.class.getName(), Duration.ofMillis(1_100));

    assertThatThrownBy(child::start)
        .hasMessage("child did not start within 1 s: see " + directory.resolve("logs/child.log"));
    assertThat(child.isAlive()).isTrue();
  }

  @Test
  void another_launcher_finds_the_process_by_its_pid_file_and_stops_it() {
    child = child(Patient.class.getName(), Duration.ofMillis(300));
    child.launch();
    Child sameChild = child(Patient.class.getName(), Duration.ofMillis(300));

    assertThat(sameChild.pid()).isEqualTo(child.pid());
    assertThat(
            LiveProcess.await(Duration.ofMinutes(1), () -> sameChild.residentBytes().orElse(1) > 0))
        .isTrue();
    assertThatThrownBy(sameChild::launch).isInstanceOf(IllegalStateException.class);

    sameChild.stop();
    assertThat(child.isAlive()).isFalse();
    assertThat(child.pid()).isEmpty();
  }

  @Test
  void a_pid_that_another_process_has_got_meanwhile_is_not_ours() throws Exception {
    child = child(Patient.class.getName(), Duration.ofMillis(300));
    Path pidFile = directory.resolve("run/child.pid");
    Files.createDirectories(pidFile.getParent());
    Files.writeString(pidFile, ProcessHandle.current().pid() + "\n1000\n");

    assertThat(child.isAlive()).isFalse();
    child.kill();
    assertThat(pidFile).doesNotExist();
  }

  private Child child(String main, Duration startLimit) {
    return new Child(main, startLimit, context(List.of()));
  }

  private ProcessContext context(List<String> jvmOptions) {
    Installation here =
        new Installation(System.getProperty("java.class.path"), directory, jvmOptions);
    return new ProcessContext(here, new DataDirectory(directory), Lifetime.DETACHED);
  }

  /** Runs until it is ended. */
  static final class Patient {
    private Patient() {}

    public static void main(String[] arguments) throws InterruptedException {
      Thread.currentThread().join();
    }
  }

  /** Ends with an error, as our mains do. */
  static final class Doomed {
    private Doomed() {}

    public static void main(String[] arguments) {
      System.err.println("trying");
      System.err.println("ERROR INVALID_CONFIG: no luck");
      System.exit(1);
    }
  }

  /** Says what it was given, and ends. */
  static final class Speaking {
    private Speaking() {}

    public static void main(String[] arguments) {
      System.out.println(
          System.getProperty("spoken.first") + " " + System.getProperty("spoken.second"));
      System.exit(1);
    }
  }

  /** Ends at once. */
  static final class Silent {
    private Silent() {}

    public static void main(String[] arguments) {
      System.exit(1);
    }
  }

  private static final class Child extends JavaProcess {
    private final String main;
    private final Duration startLimit;

    Child(String main, Duration startLimit, ProcessContext context) {
      super("child", context);
      this.main = main;
      this.startLimit = startLimit;
    }

    @Override
    public JvmSize size() {
      return new JvmSize(32, 32);
    }

    @Override
    public String endpoint() {
      return "nowhere";
    }

    @Override
    protected Duration startLimit() {
      return startLimit;
    }

    @Override
    protected Duration stopLimit() {
      return Duration.ofSeconds(5);
    }

    @Override
    protected void prepare() {}

    @Override
    protected List<String> command() {
      return List.of(main);
    }

    @Override
    protected boolean answers() {
      return false;
    }
  }
}
