package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.SqlText;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Random predicates on the shard key of a table. */
final class KeyPredicates {
  private static final List<String> OPERATORS = List.of("=", "<", "<=", ">", ">=", "==");

  private final Random random;
  private final Table table;
  private final List<List<Object>> rows;
  private final List<@Nullable Object> values = new ArrayList<>();

  /**
   * @param rows whose values are compared with
   */
  KeyPredicates(Random random, Table table, List<List<Object>> rows) {
    this.random = random;
    this.table = table;
    this.rows = rows;
  }

  /**
   * A condition.
   *
   * @param values of its parameters
   */
  record Predicate(String where, List<@Nullable Object> values) {}

  /** Anything: constants of any type, forms that nobody can prune by. */
  Predicate any() {
    values.clear();
    List<String> conjuncts = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      String one = oddConjunct(key().get(random.nextInt(key().size())));
      conjuncts.add(
          random.nextInt(8) > 0 ? one : "(" + one + " OR " + comparison(key().get(0)) + ")");
    }
    return new Predicate(String.join(" AND ", conjuncts), new ArrayList<>(values));
  }

  /**
   * Equalities of the first columns and ranges of the next, with values of their own type: a
   * planner knows exactly which shards can have such rows.
   */
  Predicate simple() {
    values.clear();
    List<String> conjuncts = new ArrayList<>();
    int ranged = random.nextInt(key().size());
    for (Column column : key().subList(0, ranged)) {
      conjuncts.add(
          random.nextBoolean()
              ? column.getName() + " = " + own(column)
              : in(column, () -> own(column)));
    }
    Column last = key().get(ranged);
    for (int i = 0; i <= random.nextInt(3); i++) {
      conjuncts.add(random.nextInt(4) > 0 ? comparison(last) : between(last, () -> own(last)));
    }
    return new Predicate(String.join(" AND ", conjuncts), new ArrayList<>(values));
  }

  private List<Column> key() {
    return Tables.shardKey(table);
  }

  private String comparison(Column column) {
    return compared(column.getName(), own(column));
  }

  private String compared(String left, String right) {
    String operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
    return random.nextInt(3) > 0
        ? left + " " + operator + " " + right
        : right + " " + operator + " " + left;
  }

  private String between(Column column, Supplier<String> constant) {
    return column.getName() + " BETWEEN " + constant.get() + " AND " + constant.get();
  }

  private String in(Column column, Supplier<String> constant) {
    List<String> items =
        IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> constant.get()).toList();
    return column.getName() + " IN (" + String.join(", ", items) + ")";
  }

  private String oddConjunct(Column column) {
    return switch (random.nextInt(12)) {
      case 0 -> "NOT " + between(column, () -> own(column));
      case 1 -> compared(column.getName() + " COLLATE NOCASE", own(column));
      case 2 -> compared("+" + column.getName(), odd());
      case 3 -> between(column, this::odd);
      case 4 -> in(column, this::odd);
      case 5, 6 -> compared(column.getName(), odd());
      default -> comparison(column);
    };
  }

  /** A value that some row has, as a parameter or a literal. */
  private String own(Column column) {
    Object value = rows.get(random.nextInt(rows.size())).get(table.getColumns().indexOf(column));
    return random.nextBoolean() || value instanceof Double
        ? parameter(value)
        : SqlText.literal(value);
  }

  private String odd() {
    List<@Nullable Object> parameters = new ArrayList<>();
    parameters.add(null);
    parameters.addAll(
        List.of(
            5L,
            Long.MAX_VALUE,
            1L << 53,
            5.0,
            5.5,
            -0.0,
            1e300,
            0x1p53,
            0x1p63,
            "5",
            " 5",
            "5.0",
            "05",
            "",
            "a",
            "B",
            "\ud83d\ude00",
            "\uffff",
            new byte[] {},
            new byte[] {'5'}));
    List<String> literals =
        List.of(
            "NULL",
            "5.0",
            "5.5",
            "-5.25",
            "0.1",
            "5e0",
            "1e22",
            "9223372036854775808",
            "2 + 3",
            "'5'",
            "'a' COLLATE NOCASE",
            "x'35'",
            "TRUE",
            key().get(0).getName(),
            "'5.0'",
            "0x5");
    return random.nextBoolean()
        ? parameter(parameters.get(random.nextInt(parameters.size())))
        : literals.get(random.nextInt(literals.size()));
  }

  private String parameter(@Nullable Object value) {
    values.add(value);
    return "?";
  }
}
