package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ShardStats;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables whose shards hold ranges of shard keys. */
class RangeIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final long SEED = 7;
  private static final int ROWS = 6_000;
  private static final String SKEWED = "STRATEGY='range', SPLIT AT (1000)";

  private final Shardstream client = CLUSTER.client();
  private final Reshards reshards = new Reshards(client);

  @Test
  void nothing_is_lost_or_read_wrong_while_ranges_are_split_and_joined() {
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "ranged", SKEWED, ROWS, SEED).withTraffic()) {
      ReshardInfo split = reshards.complete("ranged", 3);
      assertThat(List.of(split.sourceShards(), split.targetShards())).isEqualTo(List.of(2, 3));
      ReshardInfo joined = reshards.complete("ranged", 2);
      assertThat(List.of(joined.sourceShards(), joined.targetShards())).isEqualTo(List.of(3, 2));
      assertThat(reshards.shards("ranged")).isEqualTo(2);
      orders.mustBeWhole();
      String verify =
          Objects.requireNonNull(client.tables().verifyAgainstLog("ranged").changeLogId());
      reshards.completed(client.reshards().find(verify).orElseThrow());
    }
  }

  @Test
  void split_points_come_from_the_data_so_that_shards_are_alike() {
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "skewed", SKEWED, ROWS, SEED)) {
      assertThat(rowsOfShards("skewed", 2))
          .isEqualTo(List.of(rowsBelow("skewed", 1000), ROWS - rowsBelow("skewed", 1000)));

      reshards.complete("skewed", 6);

      assertThat(rowsOfShards("skewed", 6))
          .allSatisfy(rows -> assertThat(rows).isBetween(ROWS / 6 * 4L / 5, ROWS / 6 * 6L / 5))
          .satisfies(
              all -> assertThat(all.stream().mapToLong(Long::longValue).sum()).isEqualTo(ROWS));
      orders.mustBeWhole();
    }
  }

  private long rowsBelow(String table, long key) {
    return (Long)
        Objects.requireNonNull(
            client
                .execute("SELECT count(*) FROM " + table + " WHERE o_orderkey < ?", key)
                .rows()
                .get(0)
                .get(0));
  }

  /** Once the heartbeats have told of so many shards and of every row. */
  private List<Long> rowsOfShards(String table, int shards) {
    return await("heartbeats tell of all rows")
        .atMost(Patience.ONE_STEP)
        .until(
            () ->
                client.tables().getStats(table).stream()
                    .filter(shard -> shard.status().equals("active"))
                    .map(ShardStats::rows)
                    .map(rows -> rows == null ? 0 : rows)
                    .toList(),
            rows ->
                rows.size() == shards && rows.stream().mapToLong(Long::longValue).sum() == ROWS);
  }

  @Test
  void ranges_of_a_key_of_two_columns_are_split_where_the_statement_says() {
    client.execute(
        "CREATE TABLE places (country TEXT, number BIGINT, name TEXT,"
            + " PRIMARY KEY (country, number))"
            + " WITH (STRATEGY='range', SPLIT AT (('de'), ('fr', 100)))");
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String country : List.of("at", "de", "fr", "uk")) {
      for (long number = 0; number < 200; number += 50) {
        rows.add(List.of(country, number, country + number));
        client.execute("INSERT INTO places VALUES (?, ?, ?)", country, number, country + number);
      }
    }
    for (int shards : new int[] {3, 4, 1}) {
      if (shards != 3) {
        reshards.complete("places", shards);
      }
      assertThat(client.execute("SELECT * FROM places ORDER BY country, number").rows())
          .isEqualTo(rows);
      assertThat(selected("country = 'fr' AND number >= 100"))
          .isEqualTo(List.of(List.of("fr100"), List.of("fr150")));
      assertThat(selected("country > 'at' AND country < 'fr'"))
          .isEqualTo(List.of(List.of("de0"), List.of("de50"), List.of("de100"), List.of("de150")));
      assertThat(selected("country BETWEEN 'b' AND 'c'")).isEmpty();
    }
    client.execute("UPDATE places SET name = 'x' WHERE country = 'de' AND number = 50");
    client.execute("DELETE FROM places WHERE country = 'fr' AND number = 150");
    assertThat(selected("country = 'de' AND number = 50")).isEqualTo(List.of(List.of("x")));
    assertThat(selected("country = 'fr' AND number >= 100")).isEqualTo(List.of(List.of("fr100")));
    client.execute("DROP TABLE places");
  }

  private List<List<@Nullable Object>> selected(String where) {
    return client
        .execute("SELECT name FROM places WHERE " + where + " ORDER BY country, number")
        .rows();
  }
}
