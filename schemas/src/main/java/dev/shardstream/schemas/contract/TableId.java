package dev.shardstream.schemas.contract;

import java.util.Locale;

/**
 * A table's identity, unique for ever: database, name at creation and a number. Renaming a table
 * renames nothing in Kafka; a table created again gets another id and another log.
 *
 * @param value like {@code default-orders-1}
 */
public record TableId(String value) {
  public TableId {
    if (!value.matches("[a-z0-9_]+-[a-z0-9_]+-[0-9]+")) {
      throw new IllegalArgumentException("No table id: " + value);
    }
  }

  public static TableId of(String database, String nameAtCreation, long number) {
    return new TableId((database + "-" + nameAtCreation + "-" + number).toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return value;
  }
}
