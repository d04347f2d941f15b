package dev.shardstream.producer.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a command is: a bar on a terminal; elsewhere a line every two seconds while there is
 * something to tell.
 */
sealed interface Progress extends AutoCloseable {
  /**
   * @param done how much of the total is done
   * @param note what else to say, one short phrase
   */
  void at(long done, String note);

  /** Ends the bar; says nothing more. */
  @Override
  void close();

  /**
   * A bar if a person watches the error stream, lines otherwise.
   *
   * @param task what is being done, one or two words
   * @param total how much there is to do, at least 1
   */
  static Progress on(PrintStream err, String task, long total) {
    return Terminals.isError() ? new Bar(err, task, total) : new Lines(err, task, total);
  }

  /** A bar that is drawn again in place. */
  final class Bar implements Progress {
    private final ProgressBar bar;

    Bar(PrintStream err, String task, long total) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new ConsoleProgressBarConsumer(err))
              .build();
    }

    @Override
    public void at(long done, String note) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + note);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** Lines that a file or a log can hold. */
  final class Lines implements Progress {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration UNCHANGED = Duration.ofSeconds(30);

    private final PrintStream err;
    private final String task;
    private final long total;
    private long last = System.nanoTime();
    private long lastDone = -1;
    private String lastNote = "";

    Lines(PrintStream err, String task, long total) {
      this.err = err;
      this.task = task;
      this.total = total;
    }

    @Override
    public void at(long done, String note) {
      long now = System.nanoTime();
      boolean isSame = done == lastDone && note.equals(lastNote);
      if (now - last >= (isSame ? UNCHANGED : INTERVAL).toNanos()) {
        last = now;
        lastDone = done;
        lastNote = note;
        err.printf(Locale.ROOT, "%s %d%% %s%n", task, 100 * done / total, note);
      }
    }

    @Override
    public void close() {
      err.flush();
    }
  }
}
