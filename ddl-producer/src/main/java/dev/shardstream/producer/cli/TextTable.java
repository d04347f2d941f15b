package dev.shardstream.producer.cli;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;
import org.jspecify.annotations.Nullable;

/** Rows as a person reads them: columns aligned, numbers to the right, NULL as {@code NULL}. */
final class TextTable {
  private final List<String> columns;
  private final List<List<String>> cells = new ArrayList<>();
  private final boolean[] numeric;
  private final int[] widths;

  private TextTable(List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
    this.columns = columns.stream().map(TextTable::printable).toList();
    this.numeric = new boolean[columns.size()];
    this.widths = new int[columns.size()];
    for (List<? extends @Nullable Object> row : rows) {
      cells.add(row.stream().map(TextTable::cell).toList());
    }
    for (int column = 0; column < widths.length; column++) {
      int at = column;
      numeric[at] = rows.stream().allMatch(row -> isNumberOrNull(row.get(at)));
      widths[at] =
          cells.stream()
              .mapToInt(row -> width(row.get(at)))
              .reduce(width(this.columns.get(at)), Math::max);
    }
  }

  static String of(List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
    return new TextTable(columns, rows).text();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    append(text, columns);
    for (int column = 0; column < widths.length; column++) {
      text.append(column == 0 ? "-" : "-+-").append("-".repeat(widths[column]));
    }
    text.append("-\n");
    cells.forEach(row -> append(text, row));
    return text.append(cells.size() == 1 ? "(1 row)" : "(" + cells.size() + " rows)")
        .append("\n")
        .toString();
  }

  private void append(StringBuilder text, List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String blanks = " ".repeat(widths[column] - width(cell));
      line.append(column == 0 ? " " : " | ");
      line.append(numeric[column] && !cells.isEmpty() ? blanks + cell : cell + blanks);
    }
    text.append(line.toString().stripTrailing()).append("\n");
  }

  /** A value as one line, NULL as {@code NULL}. */
  static String cell(@Nullable Object value) {
    String text = CellValues.text(value);
    return text == null ? "NULL" : printable(text);
  }

  private static boolean isNumberOrNull(@Nullable Object value) {
    return value == null || value instanceof Number;
  }

  /** A line stays a line, and no value moves the cursor of a terminal. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '\n' -> printable.append("\\n");
                case '\r' -> printable.append("\\r");
                case '\t' -> printable.append("\\t");
                default -> {
                  if (Character.isISOControl(character)) {
                    printable.append("\\x%02x".formatted(character));
                  } else {
                    printable.appendCodePoint(character);
                  }
                }
              }
            });
    return printable.toString();
  }

  private static int width(String text) {
    return text.codePoints().map(character -> Math.max(0, WCWidth.wcwidth(character))).sum();
  }
}
