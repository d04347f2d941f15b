package dev.shardstream.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  private final ProcessHandle self = ProcessHandle.current();
  @TempDir Path directory;

  private PidFile file(String start) throws Exception {
    Path file = directory.resolve("broker.pid");
    Files.writeString(file, self.pid() + "\n" + start + "\n");
    return new PidFile(file);
  }

  private long startedAt() {
    return self.info().startInstant().map(Instant::toEpochMilli).orElseThrow();
  }

  @Test
  void a_process_is_found_again() {
    PidFile file = new PidFile(directory.resolve("broker.pid"));
    file.write(self);
    assertThat(file.read()).contains(self);
    file.delete();
    assertThat(file.read()).isEmpty();
  }

  @Test
  void its_start_is_counted_from_boot_so_that_a_clock_that_is_set_loses_no_process()
      throws Exception {
    assumeThat(Path.of("/proc/self/stat")).exists();
    Path file = directory.resolve("node-1.pid");
    new PidFile(file).write(self);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).matches("[0-9a-f-]{36}/[0-9]+");
    assertThat(LiveProcess.start(self.pid())).contains(lines.get(1));
  }

  @Test
  void another_process_with_the_same_pid_is_another_one() throws Exception {
    assertThat(file("00000000-0000-0000-0000-000000000000/7").read()).isEmpty();
    assertThat(file(Long.toString(startedAt() - Duration.ofMinutes(1).toMillis())).read())
        .isEmpty();
  }

  @Test
  void where_only_the_time_is_known_it_may_differ_a_bit() throws Exception {
    assertThat(file(Long.toString(startedAt() + 3_000)).read()).contains(self);
  }
}
