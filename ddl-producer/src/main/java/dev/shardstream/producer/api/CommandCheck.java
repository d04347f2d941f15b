package dev.shardstream.producer.api;

import dev.shardstream.producer.ddl.OperationRules;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.catalog.CatalogView;
import dev.shardstream.schemas.catalog.IndexDefinition;
import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.catalog.TableDefinition;
import dev.shardstream.schemas.catalog.TableEvolution;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntBiFunction;

/**
 * What a client can say against a command before it is published: the rules of the control plane,
 * asked of the catalog as this client knows it. Pure.
 */
final class CommandCheck {
  private final MetadataSnapshot snapshot;
  private final ToIntBiFunction<String, Integer> liveQueries;

  /**
   * @param liveQueries how many live queries read a column, by table id and column id
   */
  CommandCheck(MetadataSnapshot snapshot, ToIntBiFunction<String, Integer> liveQueries) {
    this.snapshot = snapshot;
    this.liveQueries = liveQueries;
  }

  List<ShardstreamException> errors(DdlCommand command) {
    List<ShardstreamException> errors = new ArrayList<>();
    note(errors, () -> OperationRules.check(command.getOperation()));
    if (errors.isEmpty()) {
      note(errors, () -> operation(command));
    }
    note(errors, () -> expectedVersion(command));
    return errors;
  }

  private static void note(List<ShardstreamException> errors, Runnable rule) {
    try {
      rule.run();
    } catch (ShardstreamException broken) {
      errors.add(broken);
    }
  }

  private void expectedVersion(DdlCommand command) {
    Integer expected = command.getExpectedSchemaVersion();
    Optional<Table> table =
        Operations.table(command.getOperation())
            .flatMap(name -> snapshot.table(command.getDatabase(), name));
    if (expected != null && table.isPresent()) {
      int version = table.get().getSchemaVersion();
      if (version != expected) {
        throw new ShardstreamException(
            ErrorCode.SCHEMA_VERSION_CONFLICT, table.get().getName(), version, expected);
      }
    }
  }

  private void operation(DdlCommand command) {
    String namespace = command.getDatabase();
    Object operation = command.getOperation();
    if (operation instanceof CreateNamespace create) {
      if (snapshot.hasNamespace(namespace) && !create.getIfNotExists()) {
        throw new ShardstreamException(ErrorCode.NAMESPACE_EXISTS, namespace);
      }
    } else if (operation instanceof DropNamespace drop) {
      dropNamespace(namespace, drop);
    } else {
      snapshot.requireNamespace(namespace);
      inNamespace(command, new View(namespace));
    }
  }

  private void dropNamespace(String namespace, DropNamespace drop) {
    if (namespace.equalsIgnoreCase(MetadataSnapshot.DEFAULT_NAMESPACE)) {
      throw new ShardstreamException(ErrorCode.RESERVED_NAMESPACE, namespace);
    }
    if (!drop.getIfExists()) {
      snapshot.requireNamespace(namespace);
    }
    List<String> tables = snapshot.tables(namespace).stream().map(Table::getName).toList();
    if (!tables.isEmpty()) {
      throw new ShardstreamException(
          ErrorCode.NAMESPACE_NOT_EMPTY, namespace, String.join(", ", tables));
    }
  }

  private void inNamespace(DdlCommand command, View view) {
    Object operation = command.getOperation();
    if (operation instanceof CreateTable create) {
      if (view.table(create.getTable()).isEmpty()) {
        TableDefinition.of(create, view.namespace, 1, 0, view);
      } else if (!create.getIfNotExists()) {
        throw new ShardstreamException(ErrorCode.TABLE_EXISTS, create.getTable());
      }
    } else if (operation instanceof DropTable drop) {
      view.find(drop.getTable(), drop.getIfExists()).ifPresent(table -> dropTable(table, drop));
    } else if (operation instanceof ReshardTable reshard) {
      requireNoReshard(view.require(reshard.getTable()), ErrorCode.RESHARD_IN_PROGRESS);
    } else if (operation instanceof VerifyTable verify) {
      verifyTable(view.require(verify.getTable()), verify);
    } else if (operation instanceof MoveShard move) {
      moveShard(view.require(move.getTable()), move);
    } else if (operation instanceof DrainNode drain) {
      requireNode(drain.getNodeId());
    } else if (operation instanceof Rebalance rebalance && rebalance.getTable() != null) {
      view.require(rebalance.getTable());
    } else if (operation instanceof AlterTable alter) {
      view.find(alter.getTable(), alter.getIfExists())
          .ifPresent(table -> TableEvolution.next(table, alter.getChange(), view));
    } else if (operation instanceof CreateIndex create) {
      IndexDefinition.of(create, view.require(create.getTable()), command.getId(), view);
    } else if (operation instanceof DropIndex drop) {
      if (!drop.getIfExists()) {
        view.requireIndex(drop.getIndex());
      }
    } else if (operation instanceof CommentOnIndex comment) {
      view.requireIndex(comment.getIndex());
    }
  }

  private void dropTable(Table table, DropTable drop) {
    if (drop.getType() != null && drop.getType() != table.getType()) {
      throw new ShardstreamException(
          ErrorCode.WRONG_TABLE_TYPE,
          table.getName(),
          TableFacts.capitalised(drop.getType()),
          TableFacts.capitalised(table.getType()));
    }
    requireNoReshard(table, ErrorCode.DROP_DURING_RESHARD);
    List<String> edges =
        snapshot.tables(table.getDatabase()).stream()
            .filter(
                edge ->
                    table.getTableId().equals(edge.getFromTable())
                        || table.getTableId().equals(edge.getToTable()))
            .map(edge -> "'" + edge.getName() + "'")
            .toList();
    if (!edges.isEmpty() && !drop.getCascade()) {
      throw new ShardstreamException(
          ErrorCode.NODE_TABLE_IN_USE, table.getName(), String.join(", ", edges));
    }
  }

  private void verifyTable(Table table, VerifyTable verify) {
    requireNoReshard(table, ErrorCode.RESHARD_IN_PROGRESS);
    boolean replicas =
        snapshot.requireTopology(table).getShards().stream()
            .anyMatch(
                shard ->
                    shard.getStatus() == ShardStatus.ACTIVE
                        && shard.getRole() == ShardRole.REPLICA);
    if (!verify.getAgainstLog() && !replicas) {
      throw new ShardstreamException(ErrorCode.NO_REPLICAS, table.getName());
    }
  }

  private void moveShard(Table table, MoveShard move) {
    requireNoReshard(table, ErrorCode.RESHARD_IN_PROGRESS);
    boolean active =
        Tables.shard(snapshot.requireTopology(table), move.getShardId())
            .filter(shard -> shard.getStatus() == ShardStatus.ACTIVE)
            .isPresent();
    if (!active) {
      throw new ShardstreamException(ErrorCode.SHARD_NOT_FOUND, table.getName(), move.getShardId());
    }
    requireNode(move.getToNode());
  }

  private void requireNode(String nodeId) {
    if (snapshot.node(nodeId).isEmpty()) {
      throw new ShardstreamException(ErrorCode.NODE_NOT_FOUND, nodeId);
    }
  }

  private void requireNoReshard(Table table, ErrorCode code) {
    Optional.ofNullable(snapshot.topologies().get(table.getTableId()))
        .map(topology -> topology.getChangeLogId())
        .ifPresent(
            running -> {
              throw new ShardstreamException(code, table.getName(), running);
            });
  }

  /** One namespace of the snapshot. */
  private final class View implements CatalogView {
    private final String namespace;

    private View(String namespace) {
      this.namespace = namespace;
    }

    @Override
    public Optional<Table> table(String name) {
      return snapshot.table(namespace, name);
    }

    Table require(String name) {
      return snapshot.requireTable(namespace, name);
    }

    Optional<Table> find(String name, boolean ifExists) {
      return ifExists ? table(name) : Optional.of(require(name));
    }

    @Override
    public Optional<Table> tableOfIndex(String index) {
      return snapshot.tables(namespace).stream()
          .filter(table -> IndexDefinition.find(table, index).isPresent())
          .findFirst();
    }

    void requireIndex(String index) {
      if (tableOfIndex(index).isEmpty()) {
        throw new ShardstreamException(ErrorCode.INDEX_NOT_FOUND, index);
      }
    }

    @Override
    public int liveQueries(String tableId, int columnId) {
      return liveQueries.applyAsInt(tableId, columnId);
    }
  }
}
