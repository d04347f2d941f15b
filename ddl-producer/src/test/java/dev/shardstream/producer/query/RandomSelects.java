package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Seeded statements over the {@link Shop}. Those that end in LIMIT have a total order. */
final class RandomSelects {
  /**
   * A statement.
   *
   * @param ordered whether the order of its rows is certain
   */
  record Case(String sql, List<@Nullable Object> parameters, boolean ordered) {}

  private static final Pattern VALUE = Pattern.compile("«(\\d+)»");
  private static final Object[] CONSTANTS = {
    17L,
    3L,
    0L,
    -5L,
    12L,
    12.0,
    12.5,
    -2.25,
    9007199254740993L,
    9007199254740992.0,
    1e300,
    "17",
    " 17",
    "017",
    "17.0",
    "1e1",
    "10",
    "ada",
    "Ada",
    "",
    "-5",
    "1994-03-13",
    "😀",
    "x'y",
    new byte[] {'1', '2'},
    true
  };
  private static final String[] COLUMNS = {
    "id", "name", "City", "age", "score", "active", "born", "photo"
  };

  private final Random random;
  private final List<@Nullable Object> values = new ArrayList<>();

  RandomSelects(Random random) {
    this.random = random;
  }

  Case next() {
    values.clear();
    return switch (random.nextInt(8)) {
      case 0, 1 -> rows();
      case 2, 3 -> groups();
      case 4 -> keyed();
      case 5 -> orders();
      case 6 -> joins();
      default -> distinct();
    };
  }

  private Case rows() {
    String items =
        pick(
            "*",
            "id, name",
            "id, age + 1 AS age, upper(name)",
            "u.*",
            "id, score * 2 z, active",
            "id, photo, born AS id2",
            "id, CASE WHEN age > 15 THEN 'old' ELSE name END",
            "id, age AS score, score AS age",
            "id, typeof(score), -age");
    String order =
        pick(
            "",
            "",
            " ORDER BY id",
            " ORDER BY age DESC, id",
            " ORDER BY 2, id",
            " ORDER BY name COLLATE NOCASE, id DESC",
            " ORDER BY score NULLS LAST, id",
            " ORDER BY age % 3 DESC NULLS FIRST, u.id",
            " ORDER BY 1 DESC",
            " ORDER BY \"City\", u.name, id",
            " ORDER BY abs(score), id",
            " ORDER BY age, score, id",
            " ORDER BY (SELECT 1), id",
            " ORDER BY -age, id");
    String sql = "SELECT " + items + " FROM users u" + where() + order;
    return order.isEmpty() ? done(sql, false) : done(sql + limit(), true);
  }

  private Case keyed() {
    String table = pick("users", "tags", "cities");
    String key = table.equals("users") ? "id" : table.equals("tags") ? "tag" : "city";
    String condition =
        switch (random.nextInt(4)) {
          case 0 -> key + " = " + constant();
          case 1 -> constant() + " == " + table + "." + key;
          case 2 -> key + " IN (" + constant() + ", " + constant() + ", " + constant() + ")";
          default -> "(" + key + " = " + constant() + ") AND " + key + " IN (" + constant() + ")";
        };
    return done("SELECT * FROM " + table + " WHERE " + condition + " ORDER BY " + key, true);
  }

  private Case orders() {
    if (random.nextBoolean()) {
      String sql =
          "SELECT o.no, total, price, note FROM orders AS o WHERE user_id %s AND %s ORDER BY user_id, no"
              .formatted(
                  pick(
                      "= " + constant(), "IN (1, 2, '3', 4.0)", "> 3", "IS 5", "IN (7)", "= 6 + 0"),
                  pick("no = 1", "no IN (1, 2)", "1", "total > 5", "note LIKE '%a%'"));
      return done(sql + limit(), true);
    }
    return done(
        "SELECT * FROM prices WHERE rate %s AND day %s AND %s"
            .formatted(
                pick("= " + constant(), "IN (1, 1.5, '2', 0)", "= 2", "= '2'", "> 1"),
                pick("= '2024-01-02'", "IN ('2024-01-01', '2024-01-03')", "= 20240101", "> ''"),
                pick("1", "code IS NOT NULL", "code = x'3131'", "code > '1'")),
        false);
  }

  private Case groups() {
    String group = pick("", "active", "City", "name, active", "age", "u.active, City", "1", "k");
    String items =
        switch (group) {
          case "" -> aggregates();
          case "1" -> "City, " + aggregates();
          case "k" -> "active AS k, " + aggregates();
          default -> group + ", " + aggregates();
        };
    String sql = "SELECT " + items + " FROM users AS u" + where();
    if (group.isEmpty()) {
      return done(sql, true);
    }
    String having =
        pick(
            "",
            "",
            " HAVING count(*) > 2",
            " HAVING sum(age) > " + constant(),
            " HAVING avg(u.age) > 14.5");
    sql += " GROUP BY " + group;
    String order = pick("", " ORDER BY %s".formatted(group), " ORDER BY %s DESC".formatted(group));
    sql += having + order;
    return order.isEmpty() || group.contains(",") && order.endsWith("DESC")
        ? done(sql, false)
        : done(sql + limit(), true);
  }

  private String aggregates() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      all.add(
          pick(
              "count(*)",
              "COUNT(age) AS n" + i,
              "sum(age)",
              "avg(age)",
              "min(name)",
              "max(score)",
              "min(photo), max(born)",
              "sum(active) + 1",
              "count(DISTINCT City)",
              "total(age)",
              "sum(score)",
              "avg(score)",
              "max(age) - min(age) AS spread" + i,
              "sum(id)",
              "count(*) FILTER (WHERE age > 12)",
              "lower(min(name COLLATE NOCASE))",
              "group_concat(id, ',' ORDER BY id)",
              "round(avg(id), 3)",
              "max(lower(name))",
              "avg(id) FILTER (WHERE " + predicate(1) + ")",
              "typeof(sum(age)), typeof(avg(age))",
              "max(3, count(*))",
              "CASE WHEN count(*) > 3 THEN sum(age) END",
              "(count(*))"));
    }
    return String.join(", ", all);
  }

  private Case distinct() {
    String items =
        pick(
            "City",
            "active, age % 3",
            "name",
            "typeof(name), active",
            "lower(name) AS low",
            "count(*) > 1",
            "age, City");
    String sql = "SELECT DISTINCT " + items + " FROM users u" + where();
    if (items.contains("count(*)")) {
      return done(sql + " GROUP BY City", false);
    }
    String order = items.contains(", ") ? " ORDER BY 1, 2" : " ORDER BY 1";
    return random.nextBoolean() ? done(sql, false) : done(sql + order + limit(), true);
  }

  private Case joins() {
    String template =
        pick(
            "SELECT u.id, o.no, o.total FROM users u JOIN orders o ON o.user_id = u.id WHERE %s",
            "SELECT u.id, o.no FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.no > 1 WHERE %s",
            "SELECT count(*), sum(o.total) FROM orders o, users u WHERE o.user_id = u.id AND %s",
            "SELECT id, (SELECT max(no) FROM orders WHERE user_id = u.id) FROM users u WHERE %s",
            "SELECT id FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id) AND %s",
            "SELECT id FROM users u WHERE id IN (SELECT user_id FROM orders WHERE no = 2) OR %s",
            "WITH big AS (SELECT user_id, count(*) n FROM orders GROUP BY 1) SELECT u.name, n FROM users u JOIN big ON user_id = id WHERE %s",
            "SELECT a.id, b.id FROM users a JOIN users b ON a.age = b.age AND a.id < b.id WHERE a.City = 'Oslo'",
            "SELECT id FROM users u WHERE %s UNION SELECT user_id FROM orders",
            "SELECT id, name FROM users u WHERE %s EXCEPT SELECT user_id, note FROM orders",
            "SELECT id, row_number() OVER (PARTITION BY City ORDER BY id) FROM users u WHERE %s",
            "SELECT u.id, c.country FROM users u JOIN cities c USING (city) WHERE %s",
            "SELECT * FROM (SELECT id, age FROM users u WHERE %s) s JOIN tags t USING (id)",
            "SELECT t.tag, c.city FROM tags t JOIN cities c ON t.tag = c.city COLLATE NOCASE",
            "SELECT u.id FROM users u JOIN tags t ON u.id = t.tag WHERE %s",
            "SELECT u.id, t.tag FROM users u FULL JOIN tags t ON t.weight = u.score WHERE %s",
            "SELECT max(n) FROM (SELECT count(*) n FROM users u WHERE %s GROUP BY age)");
    // Tags have an id, too.
    String predicate = template.contains("JOIN tags t ON") ? predicate(2, "u.id") : predicate(2);
    return done(template.replace("%s", predicate), false);
  }

  private String where() {
    return random.nextInt(5) == 0 ? "" : " WHERE " + predicate(2);
  }

  private String predicate(int depth) {
    return predicate(depth, "id");
  }

  /**
   * @param id how the id of users is written
   */
  private String predicate(int depth, String id) {
    if (depth > 0 && random.nextBoolean()) {
      String one = predicate(depth - 1, id);
      String other = predicate(depth - 1, id);
      return pick(
          one + " AND " + other, "(" + one + ") AND (" + other + ")",
          "(" + one + " OR " + other + ")", "NOT (" + one + ") AND " + other,
          "(" + one + " AND " + other + ")", "(" + one + ") IS NOT TRUE");
    }
    String picked = pick(COLUMNS);
    String column = picked.equals("id") ? id : picked;
    Supplier<String> some = this::constant;
    return switch (random.nextInt(12)) {
      case 0 -> column + " = " + some.get();
      case 1 -> column + pick(" < ", " >= ", " <> ", " IS ", " IS NOT ") + some.get();
      case 2 -> column + " IN (" + some.get() + ", " + some.get() + ")";
      case 3 -> column + " NOT IN (" + some.get() + ", NULL)";
      case 4 -> column + " BETWEEN " + some.get() + " AND " + some.get();
      case 5 -> "name LIKE " + pick("'a%'", "'%b%'", some.get());
      case 6 -> column + pick(" IS NULL", " NOTNULL");
      case 7 -> "name COLLATE NOCASE = " + some.get();
      case 8 -> id + " = " + some.get();
      case 9 -> "u.age % 4 = " + pick("1", id + " % 4", "'1'");
      case 10 -> "+" + id + " = " + some.get();
      default -> "coalesce(age, 0) + length(name) > 14";
    };
  }

  private String constant() {
    Object value = CONSTANTS[random.nextInt(CONSTANTS.length)];
    boolean literal = random.nextBoolean();
    if (random.nextInt(3) == 0) {
      value = (long) random.nextInt(40);
    }
    if (literal && !(value instanceof Boolean)) {
      return SqlText.literal(value);
    }
    values.add(value instanceof Boolean ? (Object) 1L : value);
    return "«" + (values.size() - 1) + "»";
  }

  private String limit() {
    return switch (random.nextInt(5)) {
      case 0 -> " LIMIT 5";
      case 1 -> " LIMIT 7 OFFSET 3";
      case 2 -> " LIMIT 2, 4";
      case 3 -> random.nextBoolean() ? " LIMIT 0" : " LIMIT -1 OFFSET 4";
      default -> "";
    };
  }

  /** Gives each value that is still in the text its parameter. */
  private Case done(String template, boolean ordered) {
    List<@Nullable Object> parameters = new ArrayList<>();
    boolean named = random.nextInt(4) == 0;
    String sql =
        VALUE
            .matcher(template)
            .replaceAll(
                found -> {
                  parameters.add(values.get(Integer.parseInt(found.group(1))));
                  return named ? ":p" + parameters.size() : "?";
                });
    return new Case(sql, parameters, ordered);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
