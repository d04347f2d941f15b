package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.ReshardStatus;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every legal step of a reshard; what is not here does not happen. docs/protocol.md prints this
 * table.
 */
public enum ReshardTransition {
  CHOSEN(
      ReshardStatus.QUEUED,
      ReshardEvent.TARGETS_CHOSEN,
      ReshardStatus.QUEUED,
      "targets pending in the topology, CREATE to each"),
  CREATED(
      ReshardStatus.QUEUED,
      ReshardEvent.TARGETS_CREATED,
      ReshardStatus.COPYING,
      "COPY to every target"),
  NOT_CREATED(
      ReshardStatus.QUEUED,
      ReshardEvent.FAULT,
      ReshardStatus.FAILED,
      "topology as before, DROP_SHARD to every target"),
  QUEUE_LEFT(
      ReshardStatus.QUEUED,
      ReshardEvent.CANCEL_ASKED,
      ReshardStatus.CANCELLED,
      "topology as before, DROP_SHARD to every target"),
  COPIED(
      ReshardStatus.COPYING, ReshardEvent.TARGETS_COPIED, ReshardStatus.REPLAYING, "nothing to do"),
  NOT_COPIED(
      ReshardStatus.COPYING,
      ReshardEvent.FAULT,
      ReshardStatus.FAILED,
      "topology as before, DROP_SHARD to every target"),
  COPY_LEFT(
      ReshardStatus.COPYING,
      ReshardEvent.CANCEL_ASKED,
      ReshardStatus.CANCELLED,
      "topology as before, DROP_SHARD to every target"),
  REPLAYED(
      ReshardStatus.REPLAYING,
      ReshardEvent.CAUGHT_UP,
      ReshardStatus.VERIFYING,
      "VERIFY to sources and targets, then a fence in every partition"),
  NOT_REPLAYED(
      ReshardStatus.REPLAYING,
      ReshardEvent.FAULT,
      ReshardStatus.FAILED,
      "topology as before, DROP_SHARD to every target"),
  REPLAY_LEFT(
      ReshardStatus.REPLAYING,
      ReshardEvent.CANCEL_ASKED,
      ReshardStatus.CANCELLED,
      "topology as before, DROP_SHARD to every target"),
  VERIFIED(
      ReshardStatus.VERIFYING,
      ReshardEvent.DIGESTS_EQUAL,
      ReshardStatus.SWITCHING,
      "one topology record: targets active, sources to_be_deleted, epoch + 1"),
  DIFFERENT(
      ReshardStatus.VERIFYING,
      ReshardEvent.DIGESTS_DIFFER,
      ReshardStatus.FAILED,
      "topology as before, DROP_SHARD to every target"),
  BEHIND(
      ReshardStatus.VERIFYING,
      ReshardEvent.FELL_BEHIND,
      ReshardStatus.REPLAYING,
      "the verify is void; a whole one follows"),
  NOT_VERIFIED(
      ReshardStatus.VERIFYING,
      ReshardEvent.FAULT,
      ReshardStatus.FAILED,
      "topology as before, DROP_SHARD to every target"),
  REPAIRING(
      ReshardStatus.VERIFYING,
      ReshardEvent.REPAIR,
      ReshardStatus.COPYING,
      "COPY of what differs to the targets that have it; a whole verify follows"),
  WAITING(
      ReshardStatus.VERIFYING,
      ReshardEvent.HELD,
      ReshardStatus.VERIFYING,
      "nothing until it is told to switch; a whole verify follows then"),
  SHOWN(
      ReshardStatus.VERIFYING,
      ReshardEvent.PROVED,
      ReshardStatus.COMPLETE,
      "topology as before, DROP_SHARD to every target"),
  JOINED(
      ReshardStatus.VERIFYING,
      ReshardEvent.REPLICAS_EQUAL,
      ReshardStatus.COMPLETE,
      "one topology record: targets active, sources stay, epoch + 1"),
  VERIFY_LEFT(
      ReshardStatus.VERIFYING,
      ReshardEvent.CANCEL_ASKED,
      ReshardStatus.CANCELLED,
      "topology as before, DROP_SHARD to every target"),
  TAKEN_BACK(
      ReshardStatus.SWITCHING,
      ReshardEvent.ROLLBACK_ASKED,
      ReshardStatus.SWITCHING,
      "one topology record: sources active, targets to_be_deleted, epoch + 1"),
  UNDONE(
      ReshardStatus.SWITCHING,
      ReshardEvent.TARGETS_DROPPED,
      ReshardStatus.ROLLED_BACK,
      "topology without the targets"),
  CLEANED(
      ReshardStatus.SWITCHING,
      ReshardEvent.SOURCES_DROPPED,
      ReshardStatus.COMPLETE,
      "topology without the sources");

  private final ReshardStatus from;
  private final ReshardEvent on;
  private final ReshardStatus to;
  private final String effect;

  ReshardTransition(ReshardStatus from, ReshardEvent on, ReshardStatus to, String effect) {
    this.from = from;
    this.on = on;
    this.to = to;
    this.effect = effect;
  }

  /** Where an event leads from a state; empty when it cannot happen there. */
  public static Optional<ReshardStatus> next(ReshardStatus from, ReshardEvent on) {
    return Arrays.stream(values())
        .filter(t -> t.from == from && t.on == on)
        .map(t -> t.to)
        .findFirst();
  }

  /** The table as Markdown. */
  public static String markdown() {
    StringBuilder text =
        new StringBuilder("| in | when | then | and |\n| --- | --- | --- | --- |\n");
    for (ReshardTransition t : values()) {
      text.append("| ")
          .append(word(t.from))
          .append(" | ")
          .append(word(t.on))
          .append(" | ")
          .append(word(t.to))
          .append(" | ")
          .append(t.effect)
          .append(" |\n");
    }
    return text.toString();
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
