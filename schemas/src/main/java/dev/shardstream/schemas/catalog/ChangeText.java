package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.TypeName;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Changes in words, for the history: the SQL of the change without its table. */
public final class ChangeText {
  /** The first version of every table. */
  public static final String CREATE_TABLE = "CREATE TABLE";

  private ChangeText() {}

  /**
   * @param change one of the changes of an ALTER TABLE
   */
  public static String of(Object change) {
    if (change instanceof AddColumn add) {
      return "ADD COLUMN " + definition(add.getColumn());
    } else if (change instanceof DropColumn drop) {
      return "DROP COLUMN " + drop.getColumn() + (drop.getCascade() ? " CASCADE" : "");
    } else if (change instanceof RenameColumn rename) {
      return "RENAME COLUMN " + rename.getColumn() + " TO " + rename.getNewName();
    } else if (change instanceof RenameTable rename) {
      return "RENAME TO " + rename.getNewName();
    } else if (change instanceof SetBlockSize size) {
      return "MODIFY BLOCK_SIZE " + size.getBlockSize();
    } else if (change instanceof SetReplicas set) {
      return "SET REPLICAS " + set.getReplicas();
    } else if (change instanceof CommentOnTable comment) {
      return "COMMENT " + literal(comment.getComment());
    } else if (change instanceof CommentOnColumn comment) {
      return "COMMENT ON COLUMN " + comment.getColumn() + " " + literal(comment.getComment());
    }
    return "ALTER COLUMN " + alteration(change);
  }

  private static String alteration(Object change) {
    if (change instanceof AlterColumnType alter) {
      return alter.getColumn()
          + " TYPE "
          + type(alter.getType(), alter.getLength())
          + (alter.getNotNull() ? " NOT NULL" : "");
    } else if (change instanceof AlterColumnDefault alter) {
      Object value = alter.getDefaultValue();
      return alter.getColumn()
          + (value == null ? " DROP DEFAULT" : " SET DEFAULT " + literal(value));
    } else if (change instanceof AlterColumnNullability alter) {
      return alter.getColumn() + (alter.getNullable() ? " DROP NOT NULL" : " SET NOT NULL");
    }
    throw new IllegalArgumentException("No change of a table: " + change);
  }

  private static String definition(ColumnDefinition column) {
    return column.getName()
        + " "
        + type(column.getType(), column.getLength())
        + (column.getNullable() ? "" : " NOT NULL")
        + (column.getDefaultValue() == null ? "" : " DEFAULT " + literal(column.getDefaultValue()));
  }

  private static String type(TypeName type, @Nullable Integer length) {
    return length == null ? type.name() : type.name() + "(" + length + ")";
  }

  private static String literal(@Nullable Object value) {
    if (value instanceof CharSequence) {
      return "'" + value.toString().replace("'", "''") + "'";
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return "x'" + HexFormat.of().formatHex(bytes) + "'";
    }
    return value == null ? "NULL" : value.toString().toUpperCase(Locale.ROOT);
  }
}
