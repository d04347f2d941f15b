package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.event.Column;
import org.jspecify.annotations.Nullable;

/** A column in the making: what a change sets, and the rest as it was. */
final class ColumnParts {
  private final Column before;
  private String name;
  private TypeChange type;
  private boolean nullable;
  private @Nullable Object defaultValue;
  private @Nullable String comment;

  private ColumnParts(Column before) {
    this.before = before;
    this.name = before.getName();
    this.type = TypeChange.of(before);
    this.nullable = before.getNullable();
    this.defaultValue = before.getDefaultValue();
    this.comment = before.getComment();
  }

  static ColumnParts of(Column before) {
    return new ColumnParts(before);
  }

  ColumnParts name(String next) {
    name = next;
    return this;
  }

  ColumnParts type(TypeChange next) {
    type = next;
    return this;
  }

  ColumnParts nullable(boolean next) {
    nullable = next;
    return this;
  }

  ColumnParts defaultValue(@Nullable Object next) {
    defaultValue = next;
    return this;
  }

  ColumnParts comment(@Nullable String next) {
    comment = next;
    return this;
  }

  Column column() {
    return new Column(
        before.getId(),
        name,
        type.type(),
        type.length(),
        nullable,
        defaultValue,
        before.getInitialDefault(),
        comment);
  }
}
