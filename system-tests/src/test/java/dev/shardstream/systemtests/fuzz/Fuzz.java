package dev.shardstream.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Rounds of bad inputs. Each round has a seed of its own, the first one's is {@code -Dfuzz.seed},
 * and as many follow as {@code -Dfuzz.inputs} asks for. A failure names its seed; with that one as
 * {@code -Dfuzz.seed} and {@code -Dfuzz.inputs=1} its round runs alone.
 */
final class Fuzz {
  private static final long FIRST_SEED = 20_261_122;

  /** As a thread has if nobody says otherwise: what recurses has no more of it anywhere. */
  private static final long STACK_BYTES = 1024 * 1024;

  /** On a machine that has much else to do. Nothing takes a hundredth of it. */
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(5);

  private static final long INPUTS_OF_A_LEAK = 100_000;
  private static final long MOST_BYTES_KEPT = 64L << 20;

  /** Feeds the inputs of one round. */
  interface Round {
    /**
     * @param random seeded for this round; all that is chosen is chosen by it
     * @return how many inputs there were
     */
    long feed(Random random) throws Exception;
  }

  private Fuzz() {}

  /**
   * Runs rounds until there were as many inputs as asked for.
   *
   * @param surface what is fed, for the report
   * @param usual inputs of an ordinary build
   */
  static void run(String surface, long usual, Round round) {
    long first = Long.getLong("fuzz.seed", FIRST_SEED);
    long wanted = Long.getLong("fuzz.inputs", usual);
    long inputs = 0;
    long seed = first;
    long usedEarly = -1;
    while (inputs < wanted) {
      inputs += one(surface, seed, round);
      seed++;
      if (usedEarly < 0 && inputs >= wanted / 4) {
        usedEarly = used();
      }
    }
    if (inputs >= INPUTS_OF_A_LEAK) {
      assertThat(used() - usedEarly)
          .as("bytes that %d inputs of %s have left in memory", inputs, surface)
          .isLessThan(MOST_BYTES_KEPT);
    }
    System.out.printf(
        "fuzz %s: %,d inputs, seeds %d to %d, nothing found%n", surface, inputs, first, seed - 1);
  }

  private static long one(String surface, long seed, Round round) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                done.complete(round.feed(new Random(seed)));
              } catch (Throwable failure) {
                done.completeExceptionally(failure);
              }
            },
            "fuzz-" + surface,
            STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    String replay =
        surface + " fails: replay it with -Pfuzz -Dfuzz.seed=" + seed + " -Dfuzz.inputs=1";
    try {
      return done.get(LONGEST_ROUND.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw new AssertionError(replay + ": " + failure.getCause(), failure.getCause());
    } catch (TimeoutException hanging) {
      AssertionError error = new AssertionError(replay + ": it hangs in what follows");
      error.setStackTrace(thread.getStackTrace());
      throw error;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(replay, e);
    }
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** An input as a failure shows it. */
  static String shown(String input) {
    String start = input.substring(0, Math.min(2_000, input.length()));
    return "input of " + input.length() + " characters: " + start;
  }
}
