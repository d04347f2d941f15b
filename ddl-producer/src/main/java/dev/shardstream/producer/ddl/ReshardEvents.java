package dev.shardstream.producer.ddl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reshards, moves and nodes as JSON events, both ways. */
final class ReshardEvents {
  private ReshardEvents() {}

  /** How the event of each type is read. */
  static Map<String, Function<EventFields, Object>> types() {
    Map<String, Function<EventFields, Object>> types = new LinkedHashMap<>();
    types.put("RESHARD_TABLE", ReshardEvents::reshardTable);
    for (ReshardVerb verb : ReshardVerb.values()) {
      types.put(verb + "_RESHARD", fields -> control(fields, verb));
    }
    types.put("THROTTLE_RESHARD", ReshardEvents::throttle);
    types.put("MOVE_SHARD", ReshardEvents::moveShard);
    types.put("DRAIN_NODE", fields -> new DrainNode(node(fields)));
    types.put("UNDRAIN_NODE", fields -> new UndrainNode(node(fields)));
    types.put("REBALANCE", ReshardEvents::rebalance);
    types.put("VERIFY_TABLE", ReshardEvents::verify);
    return types;
  }

  private static Object reshardTable(EventFields fields) {
    EventOperations.allow(fields, "table", "shards", "targetShards", "options", "dryRun");
    String shards = fields.has("targetShards") ? "targetShards" : "shards";
    return new ReshardTable(
        EventOperations.table(fields),
        TableRules.checkShardCount(fields.requireInteger(shards)),
        options(fields),
        fields.flag("dryRun", false));
  }

  private static Object control(EventFields fields, ReshardVerb verb) {
    EventOperations.allow(fields, "changeLogId");
    return new ControlReshard(fields.text("changeLogId"), verb);
  }

  private static Object throttle(EventFields fields) {
    EventOperations.allow(fields, "changeLogId", "rowsPerSecond", "forMillis");
    return new ThrottleReshard(
        fields.text("changeLogId"),
        fields.requireInteger("rowsPerSecond"),
        longOrNull(fields, "forMillis"));
  }

  private static Object moveShard(EventFields fields) {
    EventOperations.allow(fields, "table", "shard", "toNode", "options");
    fields.requireInteger("shard");
    Integer shard = fields.integerOrNull("shard");
    return new MoveShard(
        EventOperations.table(fields), shard, fields.text("toNode"), options(fields));
  }

  private static String node(EventFields fields) {
    EventOperations.allow(fields, "node");
    return fields.text("node");
  }

  private static Object rebalance(EventFields fields) {
    EventOperations.allow(fields, "table", "dryRun");
    return new Rebalance(
        fields.has("table") ? EventOperations.table(fields) : null, fields.flag("dryRun", false));
  }

  private static Object verify(EventFields fields) {
    EventOperations.allow(fields, "table", "options", "againstLog");
    return new VerifyTable(
        EventOperations.table(fields), options(fields), fields.flag("againstLog", true));
  }

  private static @Nullable ReshardOptions options(EventFields fields) {
    if (!fields.has("options")) {
      return null;
    }
    EventFields options = fields.object("options");
    options.allow(List.of("rowsPerSecond", "graceMillis", "manualCutover", "repair"), List.of());
    return new ReshardOptions(
        longOrNull(options, "rowsPerSecond"),
        longOrNull(options, "graceMillis"),
        options.flag("manualCutover", false),
        options.flag("repair", false));
  }

  private static @Nullable Long longOrNull(EventFields fields, String name) {
    return fields.has(name) ? (Long) fields.requireInteger(name) : null;
  }

  // ---- Writing

  /**
   * Writes the fields of an operation, its table aside.
   *
   * @return false if it is none of these operations
   */
  static boolean write(ObjectNode event, Object operation) {
    if (operation instanceof ReshardTable reshard) {
      event.put("shards", reshard.getTargetShards()).put("dryRun", reshard.getDryRun());
      putOptions(event, reshard.getOptions());
    } else if (operation instanceof ControlReshard control) {
      event.put("changeLogId", control.getChangeLogId());
    } else if (operation instanceof ThrottleReshard throttle) {
      event.put("changeLogId", throttle.getChangeLogId());
      event.put("rowsPerSecond", throttle.getRowsPerSecond());
      putIfSaid(event, "forMillis", throttle.getForMillis());
    } else if (operation instanceof MoveShard move) {
      event.put("shard", move.getShardId()).put("toNode", move.getToNode());
      putOptions(event, move.getOptions());
    } else if (operation instanceof DrainNode drain) {
      event.put("node", drain.getNodeId());
    } else if (operation instanceof UndrainNode undrain) {
      event.put("node", undrain.getNodeId());
    } else if (operation instanceof VerifyTable verify) {
      event.put("againstLog", verify.getAgainstLog());
      putOptions(event, verify.getOptions());
    } else if (operation instanceof Rebalance rebalance) {
      event.put("dryRun", rebalance.getDryRun());
    } else {
      return false;
    }
    return true;
  }

  private static void putOptions(ObjectNode event, @Nullable ReshardOptions options) {
    if (options != null) {
      ObjectNode node = event.putObject("options");
      putIfSaid(node, "rowsPerSecond", options.getRowsPerSecond());
      putIfSaid(node, "graceMillis", options.getGraceMillis());
      node.put("manualCutover", options.getManualCutover()).put("repair", options.getRepair());
    }
  }

  private static void putIfSaid(ObjectNode event, String name, @Nullable Long number) {
    if (number != null) {
      event.put(name, number);
    }
  }
}
