package dev.shardstream.producer.api;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ThrottleReshard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers to statements about shards. Their columns are part of the API. */
final class ReshardAnswers {
  private static final List<String> CONTROL = List.of("change_log_id", "verb", "status", "message");

  private ReshardAnswers() {}

  static Result queued(ReshardInfo queued) {
    return Result.row(
        List.of(
            "change_log_id",
            "status",
            "message",
            "table_name",
            "source_shard_count",
            "target_shard_count"),
        queued.changeLogId(),
        "queued",
        "Table '%s' will go from %d to %d shards; SHOW RESHARDS tells how far it is"
            .formatted(queued.tableName(), queued.sourceShards(), queued.targetShards()),
        queued.tableName(),
        (long) queued.sourceShards(),
        (long) queued.targetShards());
  }

  /**
   * What a control has done.
   *
   * @param now the reshard after it; of a RETRY the one that does it again
   */
  static Result controlled(ReshardVerb verb, DdlResult result, Reshard now) {
    return Result.row(
        CONTROL,
        now.getChangeLogId(),
        TableFacts.lower(verb),
        TableFacts.lower(result.getStatus()),
        state(now));
  }

  /** How a reshard is, in a sentence: it is true whether the control changed anything or not. */
  private static String state(Reshard reshard) {
    ReshardInfo info = ReshardInfo.of(reshard);
    boolean goesBack =
        reshard.getStatus() == ReshardStatus.SWITCHING && reshard.getRolledBackAt() != null;
    String status = goesBack ? "rolled back" : info.status().replace('_', ' ');
    return "Reshard '%s' of table '%s' is %s%s%s"
        .formatted(
            info.changeLogId(),
            info.tableName(),
            status,
            info.paused() && !info.ended() ? ", paused" : "",
            info.waitsFor() == null ? "" : "; it waits for " + info.waitsFor());
  }

  static Result throttled(ThrottleReshard throttle, DdlResult result) {
    Long millis = throttle.getForMillis();
    return Result.row(
        CONTROL,
        throttle.getChangeLogId(),
        "throttle",
        TableFacts.lower(result.getStatus()),
        "Reshard '%s' copies %s%s"
            .formatted(
                throttle.getChangeLogId(),
                throttle.getRowsPerSecond() == 0
                    ? "as fast as it goes"
                    : "at most " + throttle.getRowsPerSecond() + " rows per second",
                millis == null ? "" : " for " + millis / 1000 + " s"));
  }

  static Result taken(CommandReceipt receipt) {
    return Result.row(
        List.of("command_id", "change_log_id", "status", "message"),
        receipt.commandId(),
        receipt.changeLogId(),
        receipt.status(),
        receipt.message());
  }

  /** A plan: a row for each target, for each node, and one for all of it. */
  static Result plan(PlannedReshard plan) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (PlannedReshard.Target target : plan.targets()) {
      rows.add(
          Reports.row(
              "target",
              Integer.toString(target.shardId()),
              target.nodeId(),
              (long) target.virtualShards(),
              target.rows(),
              target.bytes(),
              target.rowsAttached(),
              null,
              null,
              target.role(),
              null));
    }
    for (PlannedReshard.NodeNeed node : plan.nodes()) {
      rows.add(
          Reports.row(
              "node",
              node.nodeId(),
              node.nodeId(),
              null,
              null,
              node.bytesNeeded(),
              null,
              node.bytesFree(),
              null,
              null,
              null));
    }
    rows.add(
        Reports.row(
            "total",
            plan.tableName(),
            null,
            plan.virtualShards(),
            plan.rows(),
            plan.bytes(),
            plan.targets().stream().mapToLong(PlannedReshard.Target::rowsAttached).sum(),
            null,
            plan.estimate().toMillis() / 1000.0,
            null,
            plan.note()));
    return Result.rows(
        List.of(
            "item",
            "name",
            "node",
            "virtual_shards",
            "rows",
            "bytes",
            "rows_attached",
            "bytes_free",
            "estimated_seconds",
            "role",
            "note"),
        rows);
  }
}
