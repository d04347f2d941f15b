package dev.shardstream.producer.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A tree as one line, every value in it, but not where its expressions stand. */
final class Printed {
  private Printed() {}

  static String of(@Nullable Object value) {
    if (value == null) {
      return "-";
    }
    if (value instanceof Record tree) {
      return record(tree);
    }
    if (value instanceof Collection<?> many) {
      StringJoiner items = new StringJoiner(", ", "[", "]");
      (many instanceof java.util.Set ? new TreeSet<>(many) : many)
          .forEach(item -> items.add(of(item)));
      return items.toString();
    }
    if (value instanceof byte[] bytes) {
      return "x'" + HexFormat.of().formatHex(bytes) + "'";
    }
    return value instanceof String text ? "'" + text + "'" : String.valueOf(value);
  }

  private static String record(Record tree) {
    if (tree instanceof Expr.Literal literal) {
      return literal.value() == null ? "NULL" : of(literal.value());
    }
    StringJoiner parts = new StringJoiner(" ", tree.getClass().getSimpleName() + "(", ")");
    for (RecordComponent component : tree.getClass().getRecordComponents()) {
      if (component.getType() != SourceText.class) {
        parts.add(of(read(tree, component)));
      }
    }
    return parts.toString();
  }

  private static @Nullable Object read(Record tree, RecordComponent component) {
    try {
      return component.getAccessor().invoke(tree);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError(component.toString(), e);
    }
  }
}
