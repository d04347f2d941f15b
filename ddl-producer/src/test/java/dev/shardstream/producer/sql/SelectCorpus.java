package dev.shardstream.producer.sql;

import java.util.List;

/**
 * SELECTs in every form that SQLite has, over three tables. SQLite itself prepares each of them.
 */
final class SelectCorpus {
  static final List<Table> TABLES =
      List.of(
          new Table(
              "users", "id INT", "name TEXT", "age INT", "city TEXT", "manager INT", "doc TEXT"),
          new Table("orders", "id INT", "user_id INT", "total REAL", "day TEXT", "note TEXT"),
          new Table(
              "history", "id INT", "key TEXT", "\"date\" TEXT", "text TEXT", "\"order\" INT"));

  /** A table and its columns, each with a type. */
  record Table(String name, List<String> columns) {
    Table(String name, String... columns) {
      this(name, List.of(columns));
    }

    /** A column's bare name. */
    static String bare(String column) {
      return column.substring(0, column.indexOf(' ')).replace("\"", "");
    }
  }

  static final List<String> ALL =
      """
      SELECT 1
      SELECT 1, 'two', 3.0, x'04', NULL, TRUE, CURRENT_DATE
      SELECT * FROM users
      SELECT users.* FROM users
      SELECT u.*, u.id AS again FROM users u
      SELECT id, name FROM users WHERE id = ?
      SELECT id FROM users WHERE id = ?2 AND age > ?1
      SELECT id FROM users WHERE id = :id OR manager = :id OR name = @name OR city = $city
      select Id, NAME from Users where AGE > 3
      SELECT DISTINCT city FROM users
      SELECT ALL city FROM users
      SELECT id x, name AS y, age AS 'z z', city AS "c c", manager `m`, doc [d] FROM users
      SELECT count(*), COUNT(DISTINCT city), sum(age), avg(age), min(age), max(age), total(age) FROM users
      SELECT group_concat(name, ', ' ORDER BY name DESC) FROM users GROUP BY city
      SELECT city, count(*) AS n FROM users GROUP BY city HAVING count(*) > 1 ORDER BY n DESC, 1 LIMIT 3
      SELECT city FROM users GROUP BY 1 ORDER BY city COLLATE NOCASE ASC NULLS LAST
      SELECT id FROM users ORDER BY age DESC NULLS FIRST, name LIMIT 10 OFFSET 5
      SELECT id FROM users ORDER BY 1 LIMIT 5, 10
      SELECT id FROM users LIMIT ? OFFSET ?
      SELECT id FROM users LIMIT -1
      SELECT count(*) FILTER (WHERE age > 30) FROM users
      SELECT id FROM users WHERE age BETWEEN 20 AND 30 AND name LIKE 'A%'
      SELECT id FROM users WHERE age NOT BETWEEN 20 AND 30 OR name NOT LIKE 'A!%' ESCAPE '!'
      SELECT id FROM users WHERE name GLOB 'A*' AND name NOT GLOB 'B*'
      SELECT id FROM users WHERE id IN (1, 2, 3) AND age NOT IN (?, ?)
      SELECT id FROM users WHERE id IN ()
      SELECT id FROM users WHERE id IN (SELECT user_id FROM orders WHERE total > 10)
      SELECT id FROM users WHERE (id, age) IN (SELECT user_id, id FROM orders)
      SELECT id FROM users WHERE (id, name) = (1, 'a')
      SELECT id FROM users WHERE (id, name) IN (VALUES (1, 'a'), (2, 'b'))
      SELECT id FROM users WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = users.id)
      SELECT id FROM users WHERE NOT EXISTS (SELECT * FROM orders WHERE user_id = users.id)
      SELECT id, (SELECT max(total) FROM orders WHERE user_id = u.id) AS best FROM users AS u
      SELECT id FROM users WHERE manager IS NULL AND city IS NOT NULL
      SELECT id FROM users WHERE manager ISNULL OR city NOTNULL OR name NOT NULL
      SELECT id FROM users WHERE manager IS NOT DISTINCT FROM 3 OR city IS DISTINCT FROM name
      SELECT id FROM users WHERE (age > 3) IS TRUE AND (age > 90) IS NOT TRUE AND manager IS 4
      SELECT CASE WHEN age < 18 THEN 'child' WHEN age < 65 THEN 'adult' ELSE 'senior' END FROM users
      SELECT CASE city WHEN 'A' THEN 1 END AS c FROM users
      SELECT CAST(age AS TEXT), CAST(name AS VARCHAR(10)), CAST(age AS DECIMAL(10, 2)), CAST(age AS double precision) FROM users
      SELECT -age, +age, ~age, NOT age, - - age, -(age) FROM users
      SELECT age + 1 * 2 - 3 / 4 % 5 || 'x' FROM users
      SELECT age << 2 >> 1 & 7 | 8 FROM users
      SELECT age < 1, age <= 1, age > 1, age >= 1, age = 1, age == 1, age <> 1, age != 1 FROM users
      SELECT a.id = b.id = (a.age < b.age) FROM users a, users b
      SELECT age = NOT manager FROM users
      SELECT doc -> '$.a', doc ->> '$.b.c', doc -> 'a' ->> 'b' FROM users
      SELECT json_extract(doc, '$.a') FROM users
      SELECT upper(name) || ' ' || replace(city, 'a', 'b'), like('A%', name), glob('a', 'b') FROM users
      SELECT coalesce(manager, age, 0), ifnull(city, ''), iif(age > 3, 1, 2), if(age > 3, 1, 2) FROM users
      SELECT 0x1F, 1e3, .5, 5., 1.5e-3, 9223372036854775807, -9223372036854775808, 9223372036854775808, 1_000_000
      SELECT 'it''s', "name", '--no', '/* no */', 'ünï 😀' FROM users
      SELECT id /* a comment */ FROM users -- another
      SELECT users.id FROM users WHERE users.age = 4
      SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id
      SELECT u.id FROM users u INNER JOIN orders o ON o.user_id = u.id AND o.total > 3 WHERE u.age > 4
      SELECT u.id, o.total FROM users u LEFT JOIN orders o ON o.user_id = u.id
      SELECT u.id, o.total FROM users u LEFT OUTER JOIN orders o ON o.user_id = u.id
      SELECT u.id, o.total FROM users u RIGHT JOIN orders o ON o.user_id = u.id
      SELECT u.id, o.total FROM users u FULL OUTER JOIN orders o ON o.user_id = u.id
      SELECT u.name, o.note FROM users u CROSS JOIN orders o
      SELECT u.name, o.note FROM users u, orders o WHERE u.id = o.user_id
      SELECT name, note FROM users JOIN orders USING (id)
      SELECT name, total FROM users NATURAL JOIN orders
      SELECT name, total FROM users NATURAL LEFT OUTER JOIN orders
      SELECT * FROM users NATURAL LEFT JOIN history
      SELECT a.name, b.name FROM users a JOIN users b ON a.manager = b.id JOIN orders ON orders.user_id = b.id
      SELECT name FROM (users JOIN orders ON users.id = orders.user_id) WHERE total > 3
      SELECT x.name FROM (users JOIN orders ON users.id = orders.user_id) AS x
      SELECT u.name FROM users u JOIN (orders o JOIN history h ON o.id = h.id) ON u.id = o.user_id
      SELECT name FROM (users)
      SELECT n FROM (SELECT name AS n FROM users) AS sub WHERE n > 'a'
      SELECT * FROM (SELECT id, name FROM users ORDER BY age LIMIT 5) JOIN orders USING (id)
      SELECT s.* FROM (SELECT * FROM users) s
      SELECT x.city, y.c FROM users x JOIN (SELECT user_id, count(*) c FROM orders GROUP BY user_id) y ON x.id = y.user_id
      SELECT id FROM users UNION SELECT user_id FROM orders
      SELECT id FROM users UNION ALL SELECT user_id FROM orders ORDER BY 1 DESC LIMIT 4
      SELECT id FROM users INTERSECT SELECT user_id FROM orders EXCEPT SELECT id FROM history
      VALUES (1, 'a'), (2, 'b')
      VALUES (1) UNION SELECT id FROM users ORDER BY 1
      SELECT * FROM (VALUES (1, 2), (3, 4))
      WITH c AS (SELECT id, name FROM users) SELECT * FROM c
      WITH c(x) AS (SELECT id FROM users) SELECT x FROM c JOIN orders ON orders.user_id = c.x
      WITH a AS (SELECT id FROM users), b AS (SELECT id FROM a) SELECT * FROM a, b
      WITH a AS (SELECT * FROM b), b AS (SELECT total FROM orders) SELECT * FROM a
      WITH orders AS (SELECT id, name FROM users) SELECT * FROM orders
      WITH users AS (SELECT 1 AS one) SELECT one FROM users
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
      WITH RECURSIVE boss(id, up) AS (SELECT id, manager FROM users WHERE id = ? UNION SELECT u.id, u.manager FROM users u JOIN boss ON u.id = boss.up) SELECT count(*) FROM boss
      WITH c AS MATERIALIZED (SELECT id FROM users) SELECT * FROM c
      WITH c AS NOT MATERIALIZED (SELECT id FROM users) SELECT * FROM c WHERE id IN (SELECT id FROM c)
      SELECT * FROM (WITH c AS (SELECT city FROM users) SELECT city FROM c) WHERE city IN (SELECT note FROM orders)
      SELECT id FROM users WHERE id IN (WITH orders(i) AS (VALUES (1)) SELECT i FROM orders) AND id IN (SELECT user_id FROM orders)
      WITH ids AS (SELECT user_id FROM orders) SELECT name FROM users WHERE id IN ids
      SELECT row_number() OVER (ORDER BY age) FROM users
      SELECT rank() OVER w, sum(age) OVER (w ROWS UNBOUNDED PRECEDING) FROM users WINDOW w AS (PARTITION BY city ORDER BY age)
      SELECT sum(age) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM users
      SELECT sum(age) OVER (ORDER BY id RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM users
      SELECT sum(age) OVER (ORDER BY id GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE NO OTHERS) FROM users
      SELECT sum(age) OVER (ROWS 2 PRECEDING EXCLUDE CURRENT ROW), avg(age) OVER (ROWS 2 PRECEDING EXCLUDE GROUP) FROM users
      SELECT count(*) FILTER (WHERE age > 3) OVER (PARTITION BY city, manager) FROM users
      SELECT lag(age, 1, 0) OVER a, lead(age) OVER b FROM users WINDOW a AS (ORDER BY id), b AS (a)
      SELECT value FROM json_each('[1,2,3]')
      SELECT users.id, j.value FROM users, json_each(users.doc) AS j WHERE j.key = 'a'
      SELECT id FROM users WHERE 3 IN (SELECT value FROM json_each(doc))
      SELECT key, "date", text, "order" FROM history WHERE key = 'k'
      SELECT h.key FROM "history" AS "h" WHERE h."order" = 4
      SELECT `id` FROM `history` WHERE [order] IN (1)
      SELECT id FROM 'users'
      SELECT replace, first, row FROM (SELECT 1 AS replace, 2 AS first, 3 AS row)
      SELECT id offset FROM users window
      SELECT sum(age) filter FROM users
      SELECT id FROM users WHERE ((((age)))) = (((4)))
      SELECT name FROM users WHERE name COLLATE NOCASE = 'A' COLLATE BINARY
      SELECT max(age, manager), min(id, 3) FROM users
      SELECT DISTINCT u.city, count(*) OVER () FROM users u GROUP BY u.city
      SELECT (SELECT count(*) FROM orders o WHERE o.user_id = u.id AND o.id IN (SELECT id FROM history WHERE history.key = u.name)) FROM users u
      SELECT id, random() IS NOT NULL, date('now'), current_timestamp IS NULL FROM users
      SELECT (1, 2) < (3, 4), (SELECT 1), EXISTS (SELECT 1)
      SELECT id FROM users GROUP BY city, age + 1 HAVING max(age) > (SELECT avg(age) FROM users)
      SELECT U.ID FROM USERS AS U WHERE u.Age IN (SELECT AGE FROM users WHERE "CITY" = 'x')
      SELECT name FROM users ORDER BY (SELECT sum(total) FROM orders WHERE user_id = users.id), length(name)
      """
          .lines()
          .toList();

  private SelectCorpus() {}
}
