package dev.shardstream.schemas.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of one row, as the log carries it.
 *
 * @param op what to do
 * @param ifVersion apply only when the row's version is this; null to not care
 * @param version the table as its writer saw it
 * @param values column values by column id; a column that is missing here was not set: INSERT and
 *     UPSERT give it its default of that version, UPDATE leaves it; DELETE has the primary key only
 */
public record RowChange(Op op, @Nullable Long ifVersion, RowVersion version, ColumnValues values) {

  /** The operations. */
  public enum Op {
    /** Refused when the row is there. */
    INSERT,
    /** Replaces the row when it is there. */
    UPSERT,
    /** Sets the columns that it names; refused when the row is not there. */
    UPDATE,
    /** Refused when the row is not there. */
    DELETE
  }

  /** Stored values of some columns, in the order of {@link #ids()}. */
  public record ColumnValues(List<Integer> ids, List<@Nullable Object> values) {
    public ColumnValues {
      if (ids.size() != values.size()) {
        throw new IllegalArgumentException(ids.size() + " columns, " + values.size() + " values");
      }
    }

    public boolean has(int columnId) {
      return ids.contains(columnId);
    }

    /** The value of a column, null when it is NULL or not set. */
    public @Nullable Object get(int columnId) {
      int at = ids.indexOf(columnId);
      return at < 0 ? null : values.get(at);
    }
  }
}
