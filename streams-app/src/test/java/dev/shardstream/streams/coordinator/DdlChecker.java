package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.Rules;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must hold of versions, shards and rules, from the decisions and the nodes alone. */
final class DdlChecker {
  private final FakeNodes nodes;
  private final Map<String, Table> catalog = new TreeMap<>();
  private final Map<String, Topology> topologies = new HashMap<>();
  private final Map<String, Integer> versions = new HashMap<>();
  private final Map<String, DdlResult> accepted = new HashMap<>();
  private final Set<String> notNullByRule = new HashSet<>();
  private int applied;
  private int undone;

  DdlChecker(FakeNodes nodes) {
    this.nodes = nodes;
  }

  void decided(Decision decision) {
    if (decision instanceof Decision.TableStored stored) {
      catalog.put(stored.table().getTableId(), stored.table());
    } else if (decision instanceof Decision.TableGone gone) {
      catalog.remove(gone.tableId());
    } else if (decision instanceof Decision.TopologyStored stored) {
      topologies.put(stored.topology().getTableId(), stored.topology());
    } else if (decision instanceof Decision.VersionRecorded recorded) {
      recorded(recorded.version());
    } else if (decision instanceof Decision.ResultStored stored) {
      result(stored.result());
    }
  }

  /** History has no gaps, and its newest row is the catalog's table. */
  private void recorded(SchemaVersion version) {
    int last = versions.merge(version.getTableId(), 1, Integer::sum);
    assertThat(version.getVersion()).as("version of %s", version.getTableId()).isEqualTo(last);
    assertThat(catalog.get(version.getTableId())).isEqualTo(version.getTable());
    if (version.getChange().contains("NOT NULL")) {
      String rule = version.getTableId() + "/" + Rules.notNullId(2);
      if (version.getChange().contains("SET NOT NULL")) {
        notNullByRule.add(rule);
      } else {
        notNullByRule.remove(rule);
      }
    }
  }

  /** What is applied is in every shard that there is, but for replicas that are away. */
  private void result(DdlResult result) {
    if (result.getStatus() == DdlStatus.ACCEPTED) {
      accepted.put(result.getCommandId(), result);
    } else if (result.getStatus() == DdlStatus.APPLIED
        && result.getOperation().equals("ALTER_COLUMN_NULLABILITY")
        && accepted.containsKey(result.getCommandId())
        && result.getSchemaVersion() != null) {
      applied++;
      for (Shard shard : topologies.get(result.getTableId()).getShards()) {
        int version = nodes.version(result.getTableId(), shard.getId());
        boolean isGone = version == 0 && shard.getStatus() == ShardStatus.TO_BE_DELETED;
        boolean isAway = shard.getRole() == ShardRole.REPLICA && !nodes.isUp(shard.getNodeId());
        assertThat(isGone || isAway || version >= result.getSchemaVersion())
            .as("version %s of %s when %s is applied", version, shard, result)
            .isTrue();
      }
    } else if (result.getStatus() == DdlStatus.REJECTED
        && ("PLANTED".equals(result.getMessage()) || "NODE_LOST".equals(result.getCode()))) {
      undone++;
    }
  }

  /** When nothing moves, exactly the rules that the catalog shows are in force in the logs. */
  void atRest() {
    for (Table table : catalog.values()) {
      Set<String> rules = new HashSet<>();
      for (Column column : table.getColumns()) {
        String rule = Rules.notNullId(column.getId());
        if (notNullByRule.contains(table.getTableId() + "/" + rule)) {
          assertThat(column.getNullable()).as("column %s of %s", column, table).isFalse();
          rules.add(rule);
        }
      }
      for (Index index : table.getIndexes()) {
        assertThat(index.getStatus()).isNotEqualTo(IndexStatus.BUILDING);
        if (index.getUnique() && index.getStatus() == IndexStatus.READY) {
          rules.add(Rules.uniqueId(index.getId()));
        }
      }
      Set<String> inForce = new HashSet<>(nodes.rulesInForce(table.getTableId()));
      inForce.removeIf(rule -> isOfDroppedColumn(table, rule));
      assertThat(inForce).as("rules in force in %s", table).isEqualTo(rules);
    }
  }

  private static boolean isOfDroppedColumn(Table table, String rule) {
    return rule.startsWith("n")
        && table.getColumns().stream().noneMatch(c -> Rules.notNullId(c.getId()).equals(rule));
  }

  int applied() {
    return applied;
  }

  int undone() {
    return undone;
  }
}
