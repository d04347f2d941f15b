package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.RegisterSchema;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.WriteRule;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What was asked of nodes and the provisioner for alterations and indexes, in order. */
final class Issued {
  private Issued() {}

  static List<Object> works(Scenario scenario) {
    return scenario.journal().stream()
        .map(Issued::work)
        .filter(Objects::nonNull)
        .filter(
            w -> w instanceof RegisterSchema || w instanceof WriteRule || w instanceof CheckRule)
        .toList();
  }

  /** Whether something is a task of a shard of some kind. */
  static boolean is(Object task, Class<?> kind) {
    return task instanceof ShardTask shardTask && kind.isInstance(shardTask.getTask());
  }

  /** Every task of a shard, in order. */
  static List<ShardTask> tasks(List<Decision> journal) {
    return journal.stream()
        .flatMap(d -> d instanceof Decision.ShardTaskIssued i ? Stream.of(i.task()) : Stream.of())
        .toList();
  }

  private static Object work(Decision decision) {
    if (decision instanceof Decision.ShardTaskIssued issued) {
      return issued.task().getTask();
    }
    return decision instanceof Decision.ProvisionTaskIssued issued ? issued.task().getTask() : null;
  }

  /** Rules that were written. */
  static List<Rule> rules(Scenario scenario) {
    return works(scenario).stream()
        .flatMap(w -> w instanceof WriteRule write ? Stream.of(write.getRule()) : Stream.of())
        .toList();
  }

  static String words(Object work) {
    if (work instanceof WriteRule write) {
      return "WRITE " + words(write.getRule());
    } else if (work instanceof CheckRule check) {
      return "CHECK "
          + words(check.getRule())
          + " in "
          + check.getShardId()
          + " at "
          + check.getOffsets();
    }
    return "REGISTER " + ((RegisterSchema) work).getTable().getSchemaVersion();
  }

  private static String words(Rule rule) {
    return rule.getRuleId() + (rule.getEnforced() ? " enforced" : " lifted");
  }
}
