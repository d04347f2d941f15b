package dev.shardstream.worker.decide;

import dev.shardstream.schemas.event.Rule;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of each virtual shard of a shard: they may differ as long as its positions do.
 *
 * @param byVirtualShard virtual shards without a rule may be missing
 */
public record RulesInForce(Map<Integer, RuleSet> byVirtualShard) {
  /** No rule anywhere. */
  public static final RulesInForce NONE = new RulesInForce(Map.of());

  public RulesInForce {
    byVirtualShard = Map.copyOf(byVirtualShard);
  }

  /** From rules that hold. */
  public static RulesInForce of(Map<Integer, List<Rule>> rules) {
    Map<Integer, RuleSet> sets = new HashMap<>();
    rules.forEach((virtualShard, held) -> sets.put(virtualShard, new RuleSet(held)));
    return new RulesInForce(sets);
  }

  /** The rules of one virtual shard. */
  public RuleSet of(int virtualShard) {
    return byVirtualShard.getOrDefault(virtualShard, RuleSet.NONE);
  }

  /** The rules behind the record of a rule that is about these virtual shards. */
  public RulesInForce after(Collection<Integer> virtualShards, Rule rule) {
    Map<Integer, RuleSet> sets = new HashMap<>(byVirtualShard);
    for (int virtualShard : virtualShards) {
      sets.put(virtualShard, of(virtualShard).after(rule));
    }
    return new RulesInForce(sets);
  }
}
