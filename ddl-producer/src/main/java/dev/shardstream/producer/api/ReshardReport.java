package dev.shardstream.producer.api;

import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.Throttle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** SHOW RESHARD: everything about one reshard, an item in a row. */
final class ReshardReport {
  private static final int MOST_MISMATCHES = 10;

  private final Reshard reshard;
  private final ReshardInfo info;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  private ReshardReport(Reshard reshard) {
    this.reshard = reshard;
    this.info = ReshardInfo.of(reshard);
  }

  static Result of(Reshard reshard) {
    ReshardReport report = new ReshardReport(reshard);
    report.what();
    report.how();
    report.howFar();
    report.end();
    return Result.rows(List.of("item", "value"), report.rows);
  }

  private void add(String item, @Nullable String value) {
    rows.add(Reports.row(item, value));
  }

  private void what() {
    add("change_log_id", info.changeLogId());
    add("table_name", info.tableName());
    add("purpose", info.purpose());
    add("status", info.status());
    add("paused", info.paused() ? "yes" : "no");
    add("waits_for", info.waitsFor());
    add("source_shards", ids(reshard.getSourceShards()));
    add("target_shards", ids(reshard.getTargetShards()));
    add("retry_of", info.retryOf());
  }

  private static String ids(List<Integer> shards) {
    return shards.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private void how() {
    ReshardOptions options = reshard.getOptions();
    Long rate = options == null ? null : options.getRowsPerSecond();
    Long grace = options == null ? null : options.getGraceMillis();
    add("rows_per_second", rate == null ? "as configured" : rate(rate));
    add("throttle", throttle(reshard.getThrottle()));
    add("grace", grace == null ? "as configured" : seconds(grace));
    add("cutover", options != null && options.getManualCutover() ? "manual" : "auto");
    add("on_mismatch", options != null && options.getRepair() ? "repair" : "fail");
  }

  private static String rate(long rowsPerSecond) {
    return rowsPerSecond == 0 ? "no limit" : Long.toString(rowsPerSecond);
  }

  private static @Nullable String throttle(@Nullable Throttle throttle) {
    if (throttle == null) {
      return null;
    }
    Long until = throttle.getUntil();
    return rate(throttle.getRowsPerSecond())
        + (until == null ? "" : " until " + TableFacts.time(until));
  }

  private void howFar() {
    add("started_at", TableFacts.time(info.startedAt()));
    info.phaseMillis().forEach((phase, millis) -> add("phase " + phase, seconds(millis)));
    info.targets().forEach(target -> add("target " + target.shardId(), target(target)));
    add("rows_copied", Long.toString(info.rowsCopied()));
    add("eta", info.remaining().map(Duration::toMillis).map(ReshardReport::seconds).orElse(null));
    add("lag", info.lag() == null ? null : info.lag().toString());
    add("verify", verify());
    add("switched_at", time(reshard.getSwitchedAt()));
    add("rolled_back_at", time(reshard.getRolledBackAt()));
  }

  private static String target(ReshardTarget target) {
    return "on %s%s: %d of %d virtual shards, %d rows (%d attached), %d rows/s, %d replayed, %s"
        .formatted(
            target.nodeId(),
            target.role().equals("replica") ? ", a replica" : "",
            target.virtualShardsCopied(),
            target.virtualShards(),
            target.rowsCopied(),
            target.rowsCopiedLocally(),
            target.rowsPerSecond(),
            target.replayedChanges(),
            target.lag() == null ? "lag unknown" : target.lag() + " behind");
  }

  private String verify() {
    if (reshard.getVerifyAttempt() == 0) {
      return "not yet";
    }
    String repaired =
        reshard.getRepairs() == 0
            ? ""
            : "; repaired %d times, last virtual shards %s"
                .formatted(reshard.getRepairs(), ids(reshard.getCopyAgain()));
    String found =
        info.mismatches() == 0
            ? "no difference"
            : info.mismatches() + " differ (" + mismatches() + ")";
    return "attempt %d: %d virtual shards compared, %s%s"
        .formatted(reshard.getVerifyAttempt(), info.digestsCompared(), found, repaired);
  }

  private String mismatches() {
    List<Mismatch> all = reshard.getMismatches();
    String some =
        all.stream()
            .limit(MOST_MISMATCHES)
            .map(ReshardReport::mismatch)
            .collect(Collectors.joining("; "));
    return all.size() > MOST_MISMATCHES ? some + "; …" : some;
  }

  private static String mismatch(Mismatch one) {
    String keys = one.getKeys().isEmpty() ? "" : ", keys " + String.join(", ", one.getKeys());
    return "virtual shard %d: shard %d has %d rows, shard %d has %d%s"
        .formatted(
            one.getVirtualShard(),
            one.getSourceShard(),
            one.getSourceRows(),
            one.getTargetShard(),
            one.getTargetRows(),
            keys);
  }

  private void end() {
    add("finished_at", info.ended() ? TableFacts.time(info.updatedAt()) : null);
    add("error", info.errorCode() == null ? null : info.errorCode() + ": " + info.errorMessage());
  }

  private static @Nullable String time(@Nullable Long millis) {
    return millis == null ? null : TableFacts.time(millis);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }
}
