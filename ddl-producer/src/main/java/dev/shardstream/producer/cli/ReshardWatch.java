package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Shows a reshard while it runs: a line for each phase, and how far the copy is. */
final class ReshardWatch {
  private static final Duration INTERVAL = Duration.ofMillis(200);

  /** Without any news for so long the control plane is gone or hangs. */
  private static final Duration SILENCE = Duration.ofMinutes(10);

  private final long total;
  private final long rows;
  private final Progress progress;
  private final PrintWriter out;
  private final boolean isBar;
  private ReshardInfo seen;
  private long heardAt = System.nanoTime();
  private long copyingSince = heardAt;
  private String remaining = "";

  private ReshardWatch(ReshardInfo queued, long rows, Progress progress, PrintWriter out) {
    this.seen = queued;
    this.total = atLeastOne(queued.virtualShards());
    this.rows = rows;
    this.progress = progress;
    this.isBar = progress instanceof Progress.Bar;
    this.out = out;
  }

  /**
   * @param rows how many there are to copy, about
   * @param err where progress goes
   * @param out where phases go, and how it ended
   */
  static ReshardWatch of(ReshardInfo queued, long rows, PrintStream err, PrintWriter out) {
    return new ReshardWatch(
        queued, rows, Progress.on(err, queued.purpose(), atLeastOne(queued.virtualShards())), out);
  }

  static ReshardWatch of(ReshardInfo queued, long rows, Progress progress, PrintWriter out) {
    return new ReshardWatch(queued, rows, progress, out);
  }

  /**
   * Follows it to its end.
   *
   * @param next waits at most that long for the end, then says how far it is
   * @throws ShardstreamException RESHARD_FAILED when it did not succeed, NO_ANSWER without news
   */
  void follow(Function<Duration, ReshardInfo> next) {
    try (progress) {
      while (!seen.ended()) {
        see(next.apply(INTERVAL));
      }
    }
    if (!seen.succeeded()) {
      throw new ShardstreamException(
          ErrorCode.RESHARD_FAILED, seen.changeLogId(), seen.tableName(), reason());
    }
    out.println(summary());
  }

  private void see(ReshardInfo now) {
    if (!now.status().equals(seen.status()) && !now.ended()) {
      enter(now.status());
    }
    if (!now.equals(seen) || now.waitsFor() != null) {
      // What waits for a person has nothing to tell, for as long as that takes.
      heardAt = System.nanoTime();
    } else if (System.nanoTime() - heardAt > SILENCE.toNanos()) {
      throw new ShardstreamException(ErrorCode.NO_ANSWER, now.changeLogId(), SILENCE.toSeconds());
    }
    progress.at(share(now, total), isBar ? now.status() + " " + note(now) : note(now));
    seen = now;
  }

  /**
   * How much is done. A verify copies nothing: it is done when everything is compared.
   *
   * @param total what all of it counts: as much as there was to do by what was known at first
   */
  static long share(ReshardInfo now, long total) {
    boolean isVerify = now.purpose().equals("verify");
    long done = isVerify ? now.digestsCompared() : now.virtualShardsCopied();
    return done * total / atLeastOne(isVerify ? compared(now) : now.virtualShards());
  }

  private static int atLeastOne(int number) {
    return Math.max(1, number);
  }

  /** How many virtual shards a verify compares: each counts once, on however many shards it is. */
  private static int compared(ReshardInfo now) {
    return Math.min(VirtualShards.COUNT, now.virtualShards());
  }

  private void enter(String phase) {
    if (phase.equals("copying")) {
      copyingSince = System.nanoTime();
    }
    if (!isBar) {
      out.println(phase);
      out.flush();
    }
  }

  private String note(ReshardInfo now) {
    String waits = now.waitsFor() == null ? "" : "waits for " + now.waitsFor();
    String far = howFar(now);
    return far.isEmpty() || waits.isEmpty() ? far + waits : far + ", " + waits;
  }

  private String howFar(ReshardInfo now) {
    return switch (now.status()) {
      case "copying" ->
          String.format(
              Locale.ROOT,
              "%d of %d virtual shards, %d of %s rows%s",
              now.virtualShardsCopied(),
              now.virtualShards(),
              now.rowsCopied(),
              rows == 0 ? "?" : Long.toString(Math.max(rows, now.rowsCopied())),
              remaining(now));
      case "replaying" ->
          now.replayedChanges()
              + " changes replayed"
              + (now.lag() == null ? "" : ", " + now.lag() + " behind");
      case "verifying" ->
          now.digestsCompared() + " of " + compared(now) + " virtual shards compared";
      default -> "";
    };
  }

  /** From how long the copied virtual shards took; the bar has an estimate of its own. */
  private String remaining(ReshardInfo now) {
    int copied = now.virtualShardsCopied();
    if (isBar || copied == 0 || now.equals(seen)) {
      // Without progress since the last look there is nothing to guess from.
      return remaining;
    }
    double copying = (System.nanoTime() - copyingSince) / 1e9;
    double left = copying * (now.virtualShards() - copied) / copied;
    remaining = String.format(Locale.ROOT, ", about %.0f s left", left);
    return remaining;
  }

  private String reason() {
    return seen.errorCode() == null
        ? "it was " + seen.status().replace('_', ' ')
        : seen.errorCode() + ": " + seen.errorMessage();
  }

  private String summary() {
    String phases =
        seen.phaseMillis().entrySet().stream()
            .filter(phase -> !phase.getKey().equals(seen.status()))
            .map(
                phase ->
                    String.format(
                        Locale.ROOT, "%s %.1f s", phase.getKey(), phase.getValue() / 1000.0))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "complete after %.1f s: %d rows copied, %d changes replayed, %d virtual shards compared%s",
        (seen.updatedAt() - seen.startedAt()) / 1000.0,
        seen.rowsCopied(),
        seen.replayedChanges(),
        seen.digestsCompared(),
        phases.isEmpty() ? "" : " (" + phases + ")");
  }
}
