package dev.shardstream.streams.reshard;

/** What can happen to a running reshard. */
public enum ReshardEvent {
  /** The split points between the targets of a RANGE table are chosen from its rows. */
  TARGETS_CHOSEN,
  /** Every target shard exists. */
  TARGETS_CREATED,
  /** Every target has every virtual shard that it shall have. */
  TARGETS_COPIED,
  /**
   * Every target applies the log, is close to its end, and has the table as the catalog has it,
   * indexes included.
   */
  CAUGHT_UP,
  /** Both sides agree on every virtual shard, and the switch may be made. */
  DIGESTS_EQUAL,
  /** Both sides differ in a virtual shard at the same position. */
  DIGESTS_DIFFER,
  /** Both sides agree, but a target is too far from the end of the log to switch to it. */
  FELL_BEHIND,
  /** A node was lost, a shard has stopped, or a task was given up. */
  FAULT,
  /** Both sides agree on every virtual shard, and the switch is to be asked for. */
  HELD,
  /** Both sides agree on every virtual shard, and that was all that was asked. */
  PROVED,
  /** New replicas agree with their owners on every virtual shard. */
  REPLICAS_EQUAL,
  /** Both sides differ, and what differs is to be copied again. */
  REPAIR,
  /** An operator takes it back before the switch. */
  CANCEL_ASKED,
  /** An operator takes the switch back. */
  ROLLBACK_ASKED,
  /** The grace period is over and the sources are gone, or their nodes are. */
  SOURCES_DROPPED,
  /**
   * The switch was taken back, the grace period is over, and the targets or their nodes are gone.
   */
  TARGETS_DROPPED
}
