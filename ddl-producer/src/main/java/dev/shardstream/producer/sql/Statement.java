package dev.shardstream.producer.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement of a script. Names are unquoted and not looked up yet. */
public sealed interface Statement
    permits Statement.Definition,
        Statement.Change,
        Statement.Read,
        Statement.Subscribe,
        Statement.KillLiveQuery {

  /** Where the statement takes values, in the order of its text. */
  default List<ParameterRef> parameters() {
    return List.of();
  }

  /** How many values the statement takes: the largest {@link ParameterRef#index()}, or 0. */
  default int parameterCount() {
    return parameters().stream().mapToInt(ParameterRef::index).max().orElse(0);
  }

  /** What becomes a command to the control plane. */
  sealed interface Definition extends Statement {
    /** The namespace as written; null if none was. */
    @Nullable String namespace();
  }

  /** What becomes row changes in a table's log. */
  sealed interface Change extends Statement {
    QualifiedName table();
  }

  /** What only answers rows. */
  sealed interface Read extends Statement permits SelectStatement, Report {}

  /** A definition of one table, which may name its namespace. */
  sealed interface TableDefinition extends Definition {
    QualifiedName table();

    @Override
    default @Nullable String namespace() {
      return table().database();
    }
  }

  /** A definition that is always of the configured namespace. */
  sealed interface Configured extends Definition {
    @Override
    default @Nullable String namespace() {
      return null;
    }
  }

  // ---- Definitions

  /**
   * CREATE [NODE | EDGE | STREAM] TABLE.
   *
   * @param columns in the order written, at least one except in an EDGE table; names may still be
   *     doubled
   * @param primaryKey column names, inline or not; empty if none was written
   * @param uniqueKeys each UNIQUE, inline or not
   * @param from EDGE table: the node table where its edges begin, in the same namespace; else null
   * @param to EDGE table: the node table where its edges end, in the same namespace; else null
   * @param comment null if none was written
   */
  record CreateTable(
      QualifiedName table,
      boolean ifNotExists,
      TableType type,
      List<ColumnDefinition> columns,
      List<String> primaryKey,
      List<List<String>> uniqueKeys,
      @Nullable String from,
      @Nullable String to,
      TableOptions options,
      @Nullable String comment)
      implements TableDefinition {
    public CreateTable {
      columns = List.copyOf(columns);
      primaryKey = List.copyOf(primaryKey);
      uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
    }
  }

  /**
   * DROP [NODE | EDGE | STREAM] TABLE.
   *
   * @param cascade whether the edge tables of a node table go too
   * @param type null if only TABLE was written: any
   */
  record DropTable(QualifiedName table, boolean ifExists, boolean cascade, @Nullable TableType type)
      implements TableDefinition {}

  /** ALTER TABLE, and COMMENT ON TABLE and COLUMN. */
  record AlterTable(QualifiedName table, boolean ifExists, TableChange change)
      implements TableDefinition {}

  /**
   * [EXPLAIN] PRAGMA reshardTable(table, shardCount) ….
   *
   * @param shardCount as written, unchecked
   * @param explain whether only its plan is asked for
   */
  record ReshardTable(QualifiedName table, long shardCount, ReshardClauses clauses, boolean explain)
      implements TableDefinition {}

  /**
   * PRAGMA pauseReshard(id) and the like.
   *
   * @param namespace as in {@code PRAGMA shop.pauseReshard(…)}; null if none was written
   */
  record ControlReshard(@Nullable String namespace, String changeLogId, ReshardVerb verb)
      implements Definition {}

  /**
   * PRAGMA throttleReshard(id, rowsPerSecond[, seconds]).
   *
   * @param namespace as for {@link ControlReshard}
   * @param rowsPerSecond as written, unchecked
   * @param seconds how long it is to last, unchecked; null for as long as the reshard
   */
  record ThrottleReshard(
      @Nullable String namespace, String changeLogId, long rowsPerSecond, @Nullable Long seconds)
      implements Definition {}

  /**
   * MOVE SHARD table shard TO node.
   *
   * @param shard its id, as written, unchecked
   */
  record MoveShard(QualifiedName table, long shard, String node) implements TableDefinition {}

  /** DRAIN NODE. */
  record DrainNode(String node) implements Configured {}

  /** UNDRAIN NODE. */
  record UndrainNode(String node) implements Configured {}

  /**
   * REBALANCE [TABLE table].
   *
   * @param table null for every table of the configured namespace
   */
  record Rebalance(@Nullable QualifiedName table) implements Definition {
    @Override
    public @Nullable String namespace() {
      return table == null ? null : table.database();
    }
  }

  /**
   * VERIFY TABLE table [AGAINST LOG].
   *
   * @param againstLog whether shards are compared with what their log says, instead of with their
   *     replicas
   */
  record VerifyTable(QualifiedName table, boolean againstLog) implements TableDefinition {}

  /**
   * CREATE [UNIQUE] INDEX.
   *
   * @param table with the namespace that was written before it or before the index
   * @param index its name
   * @param columns names, at least one
   * @param comment null if none was written
   */
  record CreateIndex(
      QualifiedName table,
      String index,
      boolean unique,
      List<String> columns,
      boolean ifNotExists,
      @Nullable String comment)
      implements TableDefinition {
    public CreateIndex {
      columns = List.copyOf(columns);
    }
  }

  /** DROP INDEX. */
  record DropIndex(QualifiedName index, boolean ifExists) implements Definition {
    @Override
    public @Nullable String namespace() {
      return index.database();
    }
  }

  /**
   * COMMENT ON INDEX.
   *
   * @param comment null to remove it
   */
  record CommentOnIndex(QualifiedName index, @Nullable String comment) implements Definition {
    @Override
    public @Nullable String namespace() {
      return index.database();
    }
  }

  /** CREATE NAMESPACE. */
  record CreateNamespace(String name, boolean ifNotExists) implements Definition {
    @Override
    public String namespace() {
      return name;
    }
  }

  /** DROP NAMESPACE. */
  record DropNamespace(String name, boolean ifExists) implements Definition {
    @Override
    public String namespace() {
      return name;
    }
  }

  // ---- Changes

  /**
   * INSERT, and its forms that replace a row that is there.
   *
   * @param upsert true for INSERT OR REPLACE, REPLACE and UPSERT
   * @param columns empty if none were written: all, in the table's order
   * @param rows at least one; a row's length is not compared with the columns yet
   */
  record Insert(
      QualifiedName table,
      boolean upsert,
      List<String> columns,
      List<List<Expr>> rows,
      List<ParameterRef> parameters)
      implements Change {
    public Insert {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      parameters = List.copyOf(parameters);
    }
  }

  /** A column and what UPDATE sets it to. */
  record Assignment(String column, Expr value) {}

  /**
   * UPDATE.
   *
   * @param alias null if none was written
   * @param where null if none was written: every row
   */
  record Update(
      QualifiedName table,
      @Nullable String alias,
      List<Assignment> assignments,
      @Nullable Expr where,
      List<ParameterRef> parameters)
      implements Change {
    public Update {
      assignments = List.copyOf(assignments);
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * DELETE.
   *
   * @param alias null if none was written
   * @param where null if none was written: every row
   */
  record Delete(
      QualifiedName table,
      @Nullable String alias,
      @Nullable Expr where,
      List<ParameterRef> parameters)
      implements Change {
    public Delete {
      parameters = List.copyOf(parameters);
    }
  }

  // ---- Live queries

  /** SUBSCRIBE TO SELECT …. */
  record Subscribe(SelectStatement select) implements Statement {
    @Override
    public List<ParameterRef> parameters() {
      return select.parameters();
    }
  }

  /** KILL LIVE QUERY id. */
  record KillLiveQuery(String id) implements Statement {}
}
