package dev.shardstream.producer.query;

import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Seeded rows: few values, so that they meet, and all that compares in a surprising way. */
final class ShopRows {
  private static final String[] NAMES = {
    "Ada", "ada", "ADA", "Bob", "bob ", "", "17", "017", "1e1", "Zoë", "😀", "x'y", "NULL", "-5"
  };
  private static final String[] PLACES = {"Oslo", "oslo", "Rome", "Lima", "", "10"};

  private final Random random;

  ShopRows(Random random) {
    this.random = random;
  }

  Map<Table, List<List<@Nullable Object>>> all() {
    Map<Table, List<List<@Nullable Object>>> rows = new LinkedHashMap<>();
    rows.put(Shop.USERS, users());
    rows.put(Shop.ORDERS, orders());
    rows.put(Shop.TAGS, tags());
    rows.put(Shop.PRICES, prices());
    rows.put(Shop.CITIES, cities());
    return rows;
  }

  private List<List<@Nullable Object>> users() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long id = -5; id < 115; id++) {
      rows.add(
          Arrays.asList(
              id,
              maybe(one(NAMES)),
              maybe(one(PLACES)),
              maybe((long) random.nextInt(12) + 10),
              maybe((random.nextInt(80) - 40) / 4.0),
              maybe((long) random.nextInt(2)),
              maybe("199%d-0%d-1%d".formatted(random.nextInt(3), 1 + random.nextInt(9), 3)),
              maybe(new byte[] {'1', (byte) ('0' + random.nextInt(8))})));
    }
    return rows;
  }

  private List<List<@Nullable Object>> orders() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long user = 0; user < 60; user += 1 + random.nextInt(2)) {
      for (long no = 1; no < 1 + random.nextInt(5); no++) {
        rows.add(
            Arrays.asList(
                user,
                no,
                maybe(random.nextInt(4) == 0 ? (1L << 53) + random.nextInt(5) : random.nextInt(50)),
                maybe(random.nextInt(40) / 8.0),
                maybe(one(NAMES))));
      }
    }
    return rows;
  }

  private List<List<@Nullable Object>> tags() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String name : NAMES) {
      rows.add(
          Arrays.asList(name, maybe((long) random.nextInt(30)), maybe(random.nextInt(8) / 2.0)));
    }
    for (long number = 0; number < 30; number++) {
      rows.add(Arrays.asList(Long.toString(number), maybe(number), maybe(number / 2.0)));
    }
    return rows.stream()
        .collect(
            java.util.stream.Collectors.toMap(
                row -> row.get(0), row -> row, (a, b) -> a, LinkedHashMap::new))
        .values()
        .stream()
        .toList();
  }

  private List<List<@Nullable Object>> prices() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = -4; i < 16; i++) {
      for (int day = 1; day < 4; day++) {
        byte[] code = {'1', (byte) ('0' + day)};
        rows.add(Arrays.asList(i / 2.0, "2024-01-0" + day, maybe(code)));
      }
    }
    return rows;
  }

  private List<List<@Nullable Object>> cities() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String place : PLACES) {
      rows.add(Arrays.asList(place, maybe(one("NO", "IT", "PE")), maybe((long) random.nextInt(9))));
    }
    return rows;
  }

  private @Nullable Object maybe(Object value) {
    return random.nextInt(9) == 0 ? null : value;
  }

  private String one(String... values) {
    return values[random.nextInt(values.length)];
  }
}
