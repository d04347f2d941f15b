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

  @Test
  void a_process_has_ended_when_all_of_its_threads_have() {
    assertThat(LiveProcess.hasEnded(stat("java", 'S', 31))).isFalse();
    assertThat(LiveProcess.hasEnded(stat("java", 'S', 1))).isFalse();
    assertThat(LiveProcess.hasEnded(stat("java", 'Z', 2))).isFalse();
    assertThat(LiveProcess.hasEnded(stat("java", 'Z', 1))).isTrue();
    assertThat(LiveProcess.hasEnded(stat("java", 'X', 0))).isTrue();
    assertThat(LiveProcess.hasEnded(stat("a) Z 1 (b", 'S', 1))).isFalse();
  }

  /** As the system writes it, see proc(5). */
  private static String stat(String name, char state, int threads) {
    return String.format(
        "4711 (%s) %c 1 4711 4711 0 -1 4194560 100 0 0 0 5 3 0 0 20 0 %d 0 8765432 0 0 0 0\n",
        name, state, threads);
  }
}
