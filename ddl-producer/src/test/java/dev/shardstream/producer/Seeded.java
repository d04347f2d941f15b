package dev.shardstream.producer;

/** Tests with random input, which say of what seed it was however they fail. */
public final class Seeded {
  private Seeded() {}

  /** What is done with the input of one seed. */
  public interface Body {
    void run() throws Exception;
  }

  /**
   * Runs a body once.
   *
   * @throws AssertionError with the seed, whatever the body throws
   */
  public static void run(long seed, Body body) {
    try {
      body.run();
    } catch (Exception | Error e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
