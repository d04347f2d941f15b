package dev.shardstream.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveProcessTest {
  @Test
  void a_process_that_was_seen_dead_is_never_seen_alive_again() throws IOException {
    List<Integer> risen = new ArrayList<>();
    for (int child = 0; child < 300; child++) {
      ProcessHandle process = new ProcessBuilder("sleep", "0").start().toHandle();
      while (LiveProcess.isAlive(process)) {
        Thread.onSpinWait();
      }
      for (int look = 0; look < 200; look++) {
        if (LiveProcess.isAlive(process)) {
          risen.add(child);
          break;
        }
      }
    }
    assertThat(risen).isEmpty();
  }
}
