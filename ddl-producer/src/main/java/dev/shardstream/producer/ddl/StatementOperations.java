package dev.shardstream.producer.ddl;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.producer.sql.ReshardClauses;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.producer.sql.TableChange;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
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
    if (statement instanceof Statement.DropNamespace drop) {
      return new DropNamespace(drop.ifExists());
    }
    return ofShards(statement);
  }

  private static Object ofShards(Statement.Definition statement) {
    if (statement instanceof Statement.ReshardTable reshard) {
      return new ReshardTable(
          reshard.table().name(),
          TableRules.checkShardCount(reshard.shardCount()),
          options(reshard.clauses()),
          reshard.explain());
    }
    if (statement instanceof Statement.ControlReshard control) {
      return new ControlReshard(control.changeLogId(), ReshardVerb.valueOf(control.verb().name()));
    }
    if (statement instanceof Statement.ThrottleReshard throttle) {
      return new ThrottleReshard(
          throttle.changeLogId(), throttle.rowsPerSecond(), millis(throttle.seconds()));
    }
    if (statement instanceof Statement.MoveShard move) {
      return new MoveShard(
          move.table().name(), shardId(move.table(), move.shard()), move.node(), null);
    }
    if (statement instanceof Statement.DrainNode drain) {
      return new DrainNode(drain.node());
    }
    if (statement instanceof Statement.UndrainNode undrain) {
      return new UndrainNode(undrain.node());
    }
    if (statement instanceof Statement.Rebalance rebalance) {
      QualifiedName table = rebalance.table();
      return new Rebalance(table == null ? null : table.name(), false);
    }
    Statement.VerifyTable verify = (Statement.VerifyTable) statement;
    return new VerifyTable(verify.table().name(), null, verify.againstLog());
  }

  private static @Nullable ReshardOptions options(ReshardClauses written) {
    return written.equals(ReshardClauses.NONE)
        ? null
        : new ReshardOptions(
            written.rowsPerSecond(),
            millis(written.graceSeconds()),
            written.manualCutover(),
            written.repair());
  }

  private static @Nullable Long millis(@Nullable Long seconds) {
    return seconds == null ? null : (Long) TimeUnit.SECONDS.toMillis(seconds);
  }

  /** No table has a shard whose number is not one. */
  private static int shardId(QualifiedName table, long written) {
    if (written != (int) written) {
      throw new ShardstreamException(ErrorCode.SHARD_NOT_FOUND, table.name(), written);
    }
    return (int) written;
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
    if (change instanceof TableChange.SetReplicas set) {
      return new SetReplicas(TableRules.checkReplicas(set.replicas()));
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
