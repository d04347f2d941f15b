package dev.shardstream.standalone.demo;

import dev.shardstream.producer.api.ReshardInfo;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a person sees while the demo runs: one line per step, a few per second of a long one. */
public final class Progress {
  private static final long BETWEEN_LINES_NANOS = 2_000_000_000L;

  private final PrintWriter out;
  private final long start = System.nanoTime();
  private String what = "";
  private String unit = "";
  private long total;
  private long lastLine;
  private @Nullable String lastStatus;

  public Progress(PrintWriter out) {
    this.out = out;
  }

  /** A step that is worth a line. */
  public void phase(String text) {
    line(text);
  }

  void begin(String step, long size, String of) {
    what = step;
    total = size;
    unit = of;
    lastLine = System.nanoTime();
    line("%s %,d %s".formatted(what, total, unit));
  }

  void at(long done) {
    if (done == total || System.nanoTime() - lastLine > BETWEEN_LINES_NANOS) {
      lastLine = System.nanoTime();
      line("%s  %s %,d of %,d %s".formatted(what, bar(done, total), done, total, unit));
    }
  }

  void reshard(ReshardInfo info, long writes, long reads) {
    boolean changed = !info.status().equals(lastStatus);
    if (changed || System.nanoTime() - lastLine > BETWEEN_LINES_NANOS) {
      lastStatus = info.status();
      lastLine = System.nanoTime();
      line(
          "%-9s  %s %3d/256 virtual shards, %,d rows copied, %,d changes replayed, %d compared; "
                  .formatted(
                      info.status(),
                      bar(info.virtualShardsCopied(), 256),
                      info.virtualShardsCopied(),
                      info.rowsCopied(),
                      info.replayedChanges(),
                      info.digestsCompared())
              + "meanwhile %,d writes, %,d reads".formatted(writes, reads));
    }
  }

  void end() {
    out.flush();
  }

  private static String bar(long done, long total) {
    int filled = (int) (20 * done / Math.max(1, total));
    return "[" + "#".repeat(filled) + ".".repeat(20 - filled) + "]";
  }

  private void line(String text) {
    double seconds = (System.nanoTime() - start) / 1e9;
    out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds, text));
    out.flush();
  }
}
