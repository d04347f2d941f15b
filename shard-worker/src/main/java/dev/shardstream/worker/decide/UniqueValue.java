package dev.shardstream.worker.decide;

import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.event.Rule;
import java.util.Arrays;
import java.util.List;

/**
 * What a UNIQUE rule allows one row of a virtual shard to hold. Two are equal when SQLite finds
 * their values equal: a column's values are of one storage class, so the canonical bytes tell.
 */
public final class UniqueValue {
  private final int virtualShard;
  private final Rule rule;
  private final List<Object> values;
  private final byte[] canonical;

  /**
   * @param values stored values of the rule's columns, none of them NULL
   */
  public UniqueValue(int virtualShard, Rule rule, List<Object> values) {
    this.virtualShard = virtualShard;
    this.rule = rule;
    this.values = values;
    this.canonical = CanonicalKey.of(values);
  }

  public int virtualShard() {
    return virtualShard;
  }

  public Rule rule() {
    return rule;
  }

  /** In the order of the rule's columns. */
  public List<Object> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UniqueValue that
        && virtualShard == that.virtualShard
        && rule.getRuleId().equals(that.rule.getRuleId())
        && Arrays.equals(canonical, that.canonical);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(canonical) * 31 + virtualShard;
  }

  @Override
  public String toString() {
    return rule.getRuleId() + " " + virtualShard + ":" + values;
  }
}
