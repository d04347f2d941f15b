package dev.shardstream.producer.query;

import java.util.List;

/** SELECTs in many forms over the {@link Shop}. What is ordered has a total order. */
final class ShopStatements {
  static final List<String> ALL =
      """
      SELECT 1, 'two', 3.5, x'04', NULL
      SELECT count(*) FROM users
      SELECT COUNT( * )  FROM users
      SELECT count(*) + 0 AS n, 'x' FROM users WHERE 0
      SELECT sum(age), avg(age), min(age), max(age), count(age) FROM users WHERE id = -99
      SELECT sum(age), avg(age), min(age) FROM users WHERE id IN ()
      SELECT * FROM users WHERE id = NULL
      SELECT * FROM users WHERE id IN (NULL, 3)
      SELECT USERS.ID, Name, CITY FROM Users ORDER BY users.id
      SELECT "default".users.id, name FROM "default".users WHERE "default".users.id = 4 ORDER BY 1
      SELECT "default".users.id FROM "default".users ORDER BY "default".users.id DESC LIMIT 3
      SELECT count(*) n FROM "default".users WHERE "default".users.id > 3
      SELECT u.id FROM "default".users u JOIN orders ON u.id = orders.user_id WHERE orders.no = 1 ORDER BY u.id
      SELECT id FROM "users" AS "U U" WHERE "U U".id < 4 ORDER BY "U U".id DESC LIMIT 2
      SELECT id AS name, name AS id FROM users ORDER BY id, users.id
      SELECT id AS name FROM users ORDER BY name LIMIT 3
      SELECT age AS id, id AS x FROM users WHERE id > 3 ORDER BY x LIMIT 4
      SELECT id z FROM users WHERE z > 100 ORDER BY z
      SELECT id + 1 AS z FROM users WHERE z > 100 AND id < 110 ORDER BY z LIMIT 5
      SELECT id, random() IS NOT NULL FROM users WHERE random() IS NOT NULL ORDER BY id LIMIT 6
      SELECT id FROM users WHERE born < date('now') AND CURRENT_TIMESTAMP > '2000' ORDER BY id LIMIT 6
      SELECT City, count(*) FROM users GROUP BY City ORDER BY 2 DESC, 1
      SELECT City AS c, count(*) AS n, sum(age) s FROM users GROUP BY c HAVING n > 3 ORDER BY n DESC, c
      SELECT City, age, count(*) FROM users GROUP BY 1, 2 ORDER BY 1, 2
      SELECT lower(City), count(*) FROM users GROUP BY lower(City) ORDER BY 1
      SELECT City, name, max(id) FROM users GROUP BY City ORDER BY 1
      SELECT City FROM users GROUP BY City ORDER BY City
      SELECT active FROM users GROUP BY active HAVING active = '1'
      SELECT count(*) FROM users HAVING count(*) > 1000
      SELECT count(*) FROM users HAVING sum(age) > 3
      SELECT age FROM users GROUP BY age HAVING count(*) = '3' OR age = '12' ORDER BY age
      SELECT City COLLATE NOCASE AS c, count(*) FROM users GROUP BY c ORDER BY c
      SELECT max(name), lower(min(name COLLATE NOCASE)) FROM users
      SELECT min(1, 2), max(age, 3) FROM users WHERE id = 7
      SELECT sum(DISTINCT age), count(DISTINCT name) FROM users
      SELECT sum(total) FROM orders WHERE total < 100
      SELECT avg(total), sum(total), sum(total + 1) FROM orders
      SELECT sum(total), total(total), avg(price), sum(price) FROM orders GROUP BY user_id % 2 ORDER BY user_id % 2
      SELECT user_id, sum(total), avg(total) FROM orders GROUP BY user_id ORDER BY user_id
      SELECT typeof(sum(no)), typeof(avg(no)), typeof(count(no)), typeof(min(price)) FROM orders
      SELECT count(*) FILTER (WHERE no = 1), sum(no) FILTER (WHERE no > 2) FROM orders WHERE user_id > 4
      SELECT CASE WHEN count(*) > 3 THEN avg(no) ELSE 0 END FROM orders
      SELECT count(*) AS "count", "count(*)" FROM (SELECT 1 AS "count(*)" FROM users)
      SELECT user_id, no FROM orders WHERE (user_id, no) > (20, 1) ORDER BY user_id, no LIMIT 5
      SELECT user_id FROM orders WHERE (user_id, no) IN (VALUES (3, 1), (20, 2)) ORDER BY 1
      SELECT DISTINCT City FROM users ORDER BY City LIMIT 2
      SELECT DISTINCT length(City) FROM users ORDER BY 1
      SELECT DISTINCT age, active FROM users WHERE age > 12 ORDER BY age, active LIMIT 4
      SELECT id FROM users ORDER BY name = 'Ada' DESC, id LIMIT 9
      SELECT id FROM users ORDER BY 1 COLLATE NOCASE DESC LIMIT 3
      SELECT id FROM users ORDER BY age NULLS LAST, id DESC LIMIT 4 OFFSET 100
      SELECT * FROM users ORDER BY id LIMIT 3 OFFSET -2
      SELECT * FROM users ORDER BY id LIMIT 1 + 1
      SELECT id, lag(id) OVER (ORDER BY id) FROM users ORDER BY id LIMIT 4
      SELECT count(*) OVER () FROM users LIMIT 1
      SELECT rank() OVER (PARTITION BY City ORDER BY age) r, id FROM users WHERE id < 30 ORDER BY id
      SELECT tag, id FROM tags WHERE tag IN (17, '3', 'Ada') ORDER BY tag
      SELECT tag FROM tags WHERE tag = 17.0
      SELECT tag FROM tags WHERE tag > 17 ORDER BY tag
      SELECT tag FROM tags WHERE tag = 'ada' COLLATE NOCASE ORDER BY tag
      SELECT * FROM users WHERE id = '17'
      SELECT * FROM users WHERE id = '17.0' ORDER BY id
      SELECT * FROM users WHERE id IN ('17', ' 18', 19.0, x'3230') ORDER BY id
      SELECT * FROM users WHERE id = TRUE OR id = FALSE ORDER BY id
      SELECT * FROM prices WHERE rate = 1 AND day = '2024-01-02'
      SELECT * FROM prices WHERE rate IN (1, 2) AND day IN ('2024-01-02', '2024-01-03') ORDER BY rate, day
      SELECT * FROM prices WHERE rate = 0.5 ORDER BY day
      SELECT c.* FROM cities c ORDER BY city
      SELECT city, max(people) OVER () FROM cities ORDER BY city LIMIT 2
      SELECT u.*, c.country FROM users u LEFT JOIN cities c ON c.city = u.City ORDER BY u.id
      SELECT count(*) FROM users, cities, tags
      SELECT count(*) FROM users a JOIN users b USING (age) JOIN users c USING (age)
      SELECT * FROM users NATURAL JOIN cities ORDER BY id
      SELECT id FROM users WHERE City IN (SELECT city FROM cities WHERE people > 2) ORDER BY id
      SELECT id FROM users WHERE (SELECT 1) ORDER BY id LIMIT 3
      SELECT (SELECT count(*) FROM orders WHERE user_id = u.id) n, id FROM users u ORDER BY n DESC, id LIMIT 7
      SELECT id FROM users UNION ALL SELECT id FROM tags ORDER BY 1
      SELECT id FROM users INTERSECT SELECT no FROM orders ORDER BY 1
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i, name FROM n JOIN users ON id = i ORDER BY i
      WITH users AS (SELECT 1 AS one) SELECT one FROM users
      WITH orders AS (SELECT id, name FROM users) SELECT * FROM orders ORDER BY id
      WITH x AS (SELECT id FROM users WHERE age > 12) SELECT count(*) FROM x WHERE id IN x
      SELECT value, users.id FROM users, json_each('[1, 2]') WHERE users.id = value ORDER BY value
      SELECT * FROM (SELECT id, name FROM users ORDER BY age, id LIMIT 5) ORDER BY id
      SELECT s.c FROM (SELECT City c, count(*) n FROM users GROUP BY City) s WHERE n > 2 ORDER BY s.c
      VALUES (1, 'a'), (2, 'b')
      """
          .lines()
          .toList();

  private ShopStatements() {}
}
