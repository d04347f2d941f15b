package dev.shardstream.systemtests.simulation;

/** Bugs that a careless author might write. Each is planted in the simulated part. */
enum Mutant {
  /** Whatever digests say, the control plane is told that both sides are equal. */
  SWITCH_WITHOUT_VERIFY,
  /** Rows are committed first, positions in a transaction after them. */
  POSITION_OUTSIDE_THE_TRANSACTION,
  /** An applier does not stop at a fence: the digest is taken where its batch ends. */
  FENCE_MISSED,
  /** The values of a virtual shard are XORed, one by one. */
  DIGEST_BY_XOR,
  /** No lock keeps a second process from a node's files, so one that was frozen writes on. */
  STALE_OWNER_WRITES,
  /** A copy that was cut off begins again, over what it had copied before. */
  COPY_RESUMES_FROM_THE_START_WITHOUT_CLEARING,
  /** A change that has waited in the log for too long is refused. */
  REJECTION_DECIDED_BY_THE_CLOCK,
  /** A cutover is published under the epoch before it. */
  EPOCH_REUSED,
  /** A copy leaves out the rules that hold at its position. */
  RULES_NOT_COPIED,
  /** The end of a copy can be lost in a power cut, like any other transaction. */
  END_OF_COPY_NOT_SYNCED,
  /** Segments of a virtual shard that come from several sources get one position. */
  ONE_POSITION_FOR_ALL_SEGMENTS,
  /** A slice has all rows of its virtual shard, whatever range was asked for. */
  COPY_IGNORES_THE_RANGE,
  /** Of the sources of ranges, and of their targets, only the first is compared. */
  SIDES_COMPARED_BY_ONE_SHARD,
  /** A replica comes to lie on the node of its owner. */
  TWO_HOLDERS_ON_ONE_NODE,
  /** A shard has everything as of when it is told where its log ends, not as of when it asked. */
  FRESH_AS_OF_THE_ANSWER,
  /** What was made anew from the log is read before it has caught up. */
  MADE_ANEW_SERVES_AT_ONCE,
  /** A session asks whatever holder comes first, wherever in the log it is. */
  SESSION_WITHOUT_POSITIONS
}
