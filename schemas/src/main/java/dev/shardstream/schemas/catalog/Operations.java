package dev.shardstream.schemas.catalog;

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
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** Questions to the operation of a command. */
public final class Operations {
  private static final Map<Class<?>, String> NAMES =
      Map.ofEntries(
          Map.entry(ReshardTable.class, "RESHARD_TABLE"),
          Map.entry(AddColumn.class, "ADD_COLUMN"),
          Map.entry(DropColumn.class, "DROP_COLUMN"),
          Map.entry(RenameColumn.class, "RENAME_COLUMN"),
          Map.entry(AlterColumnType.class, "ALTER_COLUMN_TYPE"),
          Map.entry(AlterColumnDefault.class, "ALTER_COLUMN_DEFAULT"),
          Map.entry(AlterColumnNullability.class, "ALTER_COLUMN_NULLABILITY"),
          Map.entry(RenameTable.class, "RENAME_TABLE"),
          Map.entry(SetBlockSize.class, "SET_BLOCK_SIZE"),
          Map.entry(SetReplicas.class, "SET_REPLICAS"),
          Map.entry(CommentOnTable.class, "COMMENT_ON_TABLE"),
          Map.entry(CommentOnColumn.class, "COMMENT_ON_COLUMN"),
          Map.entry(CommentOnIndex.class, "COMMENT_ON_INDEX"),
          Map.entry(CreateIndex.class, "CREATE_INDEX"),
          Map.entry(DropIndex.class, "DROP_INDEX"),
          Map.entry(CreateNamespace.class, "CREATE_NAMESPACE"),
          Map.entry(DropNamespace.class, "DROP_NAMESPACE"),
          Map.entry(ThrottleReshard.class, "THROTTLE_RESHARD"),
          Map.entry(MoveShard.class, "MOVE_SHARD"),
          Map.entry(DrainNode.class, "DRAIN_NODE"),
          Map.entry(UndrainNode.class, "UNDRAIN_NODE"),
          Map.entry(Rebalance.class, "REBALANCE"),
          Map.entry(VerifyTable.class, "VERIFY_TABLE"));

  /**
   * The most bytes that a command may have. What is kept and told of it is several times as large,
   * and each record of that must be one that a broker takes.
   */
  public static final int MOST_COMMAND_BYTES = 256 * 1024;

  /** The most bytes that the definition of a table may have, for the same reason. */
  public static final int MOST_TABLE_BYTES = 512 * 1024;

  private Operations() {}

  /**
   * How large a command is.
   *
   * @return bytes, near enough to those of its record
   */
  public static int bytes(DdlCommand command) {
    try {
      return command.toByteBuffer().remaining();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong with a command for its size alone; empty when nothing is. */
  public static Optional<String> tooLarge(DdlCommand command) {
    int bytes = bytes(command);
    return bytes <= MOST_COMMAND_BYTES
        ? Optional.empty()
        : Optional.of(
            "it has "
                + bytes
                + " bytes, more than the "
                + MOST_COMMAND_BYTES
                + " that it may have");
  }

  /** The name of an operation in events, results and SHOW DDL, like {@code ADD_COLUMN}. */
  public static String name(Object operation) {
    if (operation instanceof CreateTable create) {
      return "CREATE_" + typed(create.getType());
    }
    if (operation instanceof DropTable drop) {
      return "DROP_" + typed(drop.getType() == null ? TableType.REGULAR : drop.getType());
    }
    if (operation instanceof ControlReshard control) {
      return control.getVerb() + "_RESHARD";
    }
    Object what = operation instanceof AlterTable alter ? alter.getChange() : operation;
    String name = NAMES.get(what.getClass());
    if (name == null) {
      throw new IllegalArgumentException("No operation: " + what.getClass());
    }
    return name;
  }

  private static String typed(TableType type) {
    return type == TableType.REGULAR ? "TABLE" : type + "_TABLE";
  }

  /** The table that an operation names; empty for one that names none. */
  public static Optional<String> table(Object operation) {
    if (operation instanceof CreateTable create) {
      return Optional.of(create.getTable());
    }
    if (operation instanceof DropTable drop) {
      return Optional.of(drop.getTable());
    }
    if (operation instanceof AlterTable alter) {
      return Optional.of(alter.getTable());
    }
    if (operation instanceof CreateIndex create) {
      return Optional.of(create.getTable());
    }
    if (operation instanceof ReshardTable reshard) {
      return Optional.of(reshard.getTable());
    }
    if (operation instanceof MoveShard move) {
      return Optional.of(move.getTable());
    }
    if (operation instanceof VerifyTable verify) {
      return Optional.of(verify.getTable());
    }
    return operation instanceof Rebalance rebalance
        ? Optional.ofNullable(rebalance.getTable())
        : Optional.empty();
  }
}
