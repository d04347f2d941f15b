package dev.shardstream.producer.ddl;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.producer.sql.TableChange;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Definitions of SQL as the operations of commands. */
public final class StatementOperations {
  private StatementOperations() {}

  /**
   * The operation that a statement asks for; its namespace is {@link
   * Statement.Definition#namespace()}.
   *
   * @param defaultPartitions partitions of a table's log if CREATE TABLE says none
   * @throws ShardstreamException what {@link OperationRules} refuse, INVALID_OPTION,
   *     UNSUPPORTED_DEFAULT
   */
  public static Object of(Statement.Definition statement, int defaultPartitions) {
    if (statement instanceof Statement.CreateTable create) {
      return TableDefinitions.of(create, defaultPartitions);
    }
    return OperationRules.check(simple(statement));
  }

  private static Object simple(Statement.Definition statement) {
    if (statement instanceof Statement.DropTable drop) {
      TableType type = drop.type() == null ? null : TableType.valueOf(drop.type().name());
      return new DropTable(drop.table().name(), drop.ifExists(), drop.cascade(), type);
    }
    if (statement instanceof Statement.AlterTable alter) {
      return new AlterTable(alter.table().name(), alter.ifExists(), change(alter.change()));
    }
    if (statement instanceof Statement.ReshardTable reshard) {
      return new ReshardTable(
          reshard.table().name(), TableRules.checkShardCount(reshard.shardCount()), null, false);
    }
    if (statement instanceof Statement.CreateIndex create) {
      return new CreateIndex(
          create.table().name(),
          create.index(),
          create.unique(),
          create.columns(),
          create.ifNotExists(),
          create.comment());
    }
    if (statement instanceof Statement.DropIndex drop) {
      return new DropIndex(drop.index().name(), drop.ifExists());
    }
    if (statement instanceof Statement.CommentOnIndex comment) {
      return new CommentOnIndex(comment.index().name(), comment.comment());
    }
    if (statement instanceof Statement.CreateNamespace create) {
      return new CreateNamespace(create.ifNotExists());
    }
    return new DropNamespace(((Statement.DropNamespace) statement).ifExists());
  }

  private static Object change(TableChange change) {
    if (change instanceof TableChange.AddColumn add) {
      return new AddColumn(TableDefinitions.column(add.column()), add.ifNotExists());
    }
    if (change instanceof TableChange.DropColumn drop) {
      return new DropColumn(drop.column(), drop.ifExists(), drop.cascade());
    }
    if (change instanceof TableChange.RenameColumn rename) {
      return new RenameColumn(rename.column(), rename.newName(), rename.ifExists());
    }
    if (change instanceof TableChange.AlterColumnType alter) {
      return new AlterColumnType(
          alter.column(),
          alter.ifExists(),
          TypeName.valueOf(alter.type().name()),
          alter.length(),
          alter.notNull());
    }
    if (change instanceof TableChange.AlterColumnDefault alter) {
      return new AlterColumnDefault(
          alter.column(), alter.ifExists(), constant(alter.defaultValue()));
    }
    if (change instanceof TableChange.AlterColumnNullability alter) {
      return new AlterColumnNullability(alter.column(), alter.ifExists(), alter.nullable());
    }
    if (change instanceof TableChange.RenameTable rename) {
      return new RenameTable(rename.newName());
    }
    if (change instanceof TableChange.SetBlockSize size) {
      return new SetBlockSize(TableRules.checkBlockSize(size.blockSize()));
    }
    if (change instanceof TableChange.CommentOnTable comment) {
      return new CommentOnTable(comment.comment());
    }
    TableChange.CommentOnColumn comment = (TableChange.CommentOnColumn) change;
    return new CommentOnColumn(comment.column(), comment.comment());
  }

  /** The column's type is known to the catalog only, which brings the value into its form. */
  private static @Nullable Object constant(Expr.@Nullable Literal written) {
    Object value = written == null ? null : written.value();
    return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
  }
}
