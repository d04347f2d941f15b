package dev.shardstream.producer.sql;

import org.jspecify.annotations.Nullable;

/** What ALTER TABLE, or COMMENT on a table or column, changes. Nothing is looked up yet. */
public sealed interface TableChange {
  /** ADD COLUMN. */
  record AddColumn(ColumnDefinition column, boolean ifNotExists) implements TableChange {}

  /**
   * DROP COLUMN.
   *
   * @param cascade whether the indexes that use it go too
   */
  record DropColumn(String column, boolean ifExists, boolean cascade) implements TableChange {}

  /** RENAME COLUMN. */
  record RenameColumn(String column, String newName, boolean ifExists) implements TableChange {}

  /**
   * MODIFY COLUMN, and ALTER COLUMN … TYPE.
   *
   * @param length n of VARCHAR(n), in code points, 1 or more; null if none was written
   * @param notNull true: the column takes no NULL either; false: as before
   */
  record AlterColumnType(
      String column, boolean ifExists, TypeName type, @Nullable Integer length, boolean notNull)
      implements TableChange {}

  /**
   * ALTER COLUMN … SET DEFAULT, DROP DEFAULT.
   *
   * @param defaultValue null for DROP DEFAULT
   */
  record AlterColumnDefault(String column, boolean ifExists, Expr.@Nullable Literal defaultValue)
      implements TableChange {}

  /** ALTER COLUMN … SET NOT NULL, DROP NOT NULL. */
  record AlterColumnNullability(String column, boolean ifExists, boolean nullable)
      implements TableChange {}

  /** RENAME TO. */
  record RenameTable(String newName) implements TableChange {}

  /**
   * MODIFY BLOCK_SIZE.
   *
   * @param blockSize rows, as written, unchecked
   */
  record SetBlockSize(long blockSize) implements TableChange {}

  /**
   * SET REPLICAS.
   *
   * @param replicas nodes, as written, unchecked
   */
  record SetReplicas(long replicas) implements TableChange {}

  /**
   * COMMENT ON TABLE.
   *
   * @param comment null to remove it
   */
  record CommentOnTable(@Nullable String comment) implements TableChange {}

  /**
   * COMMENT ON COLUMN.
   *
   * @param comment null to remove it
   */
  record CommentOnColumn(String column, @Nullable String comment) implements TableChange {}
}
