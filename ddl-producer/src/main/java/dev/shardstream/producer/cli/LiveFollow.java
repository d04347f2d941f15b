package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.live.LiveQuery;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/** SUBSCRIBE on a command line: prints until it is stopped, or has printed enough. */
final class LiveFollow implements Consumer<String> {
  private final Shardstream shardstream;
  private final OutputFormat format;
  private final PrintWriter out;
  private final Limits limits;
  private final Stops stops;

  /**
   * When it ends by itself.
   *
   * @param mostRows after so many rows and changes
   * @param longest after that time
   */
  record Limits(long mostRows, Duration longest) {
    /** Never. */
    static final Limits NONE = new Limits(Long.MAX_VALUE, Duration.ofDays(36_500));
  }

  LiveFollow(
      Shardstream shardstream, OutputFormat format, PrintWriter out, Limits limits, Stops stops) {
    this.shardstream = shardstream;
    this.format = format;
    this.out = out;
    this.limits = limits;
    this.stops = stops;
  }

  /**
   * Follows a statement.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException how it ended, if it did by itself
   */
  @Override
  public void accept(String sql) {
    LiveRowsPrinter printer = new LiveRowsPrinter(format, out, limits.mostRows());
    LiveQuery query = shardstream.subscribe(sql, printer);
    Stops.Registration listening = stops.on(printer::stop);
    try {
      printer.await(limits.longest());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      query.close();
      listening.close();
    }
    query
        .error()
        .ifPresent(
            error -> {
              throw error;
            });
  }
}
