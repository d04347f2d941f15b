package dev.shardstream.producer.cli;

/** Where a person says that something that goes on for ever has gone on for long enough. */
interface Stops {
  /**
   * Has something done when that is said.
   *
   * @return to be closed when it can no longer be stopped
   */
  Registration on(Runnable stop);

  /** That somebody listens. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
