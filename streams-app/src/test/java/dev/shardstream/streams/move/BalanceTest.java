package dev.shardstream.streams.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.streams.move.Balance.Held;
import dev.shardstream.streams.record.PlannedMove;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final int RUNS = 3_000;

  private static List<Held> held(String table, String... nodes) {
    return IntStream.range(0, nodes.length).mapToObj(i -> new Held(table, i, nodes[i], i)).toList();
  }

  private static List<Held> all(List<List<Held>> tables) {
    return tables.stream().flatMap(List::stream).toList();
  }

  @Test
  void a_fresh_node_gets_its_share_and_nothing_else_moves() {
    assertThat(
            Balance.plan(held("t", "a", "b", "a", "b", "a", "b"), List.of("a", "b", "c"), Map.of()))
        .containsExactly(new PlannedMove("t", 4, "c"), new PlannedMove("t", 5, "c"));
  }

  @Test
  void what_is_even_stays() {
    assertThat(Balance.plan(held("t", "a", "b", "a"), List.of("a", "b"), Map.of())).isEmpty();
    assertThat(Balance.plan(List.of(), List.of("a", "b"), Map.of())).isEmpty();
  }

  @Test
  void many_tables_of_one_shard_are_spread_in_total() {
    List<List<Held>> tables =
        IntStream.range(0, 6).mapToObj(i -> held("t" + i, i < 5 ? "a" : "b")).toList();

    List<PlannedMove> moves = Balance.plan(all(tables), List.of("a", "b", "c"), Map.of());

    assertThat(moves).hasSize(3);
    assertThat(counts(all(tables), moves)).isEqualTo(Map.of("a", 2, "b", 2, "c", 2));
  }

  @Test
  void a_table_alone_goes_where_other_tables_have_fewer_shards() {
    assertThat(
            Balance.plan(
                held("t", "gone", "gone"), List.of("a", "b", "c"), Map.of("a", 9, "b", 2, "c", 1)))
        .containsExactly(new PlannedMove("t", 0, "b"), new PlannedMove("t", 1, "c"));
  }

  @Test
  void the_plan_is_even_leaves_nothing_elsewhere_and_is_the_shortest() {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      List<String> nodes = List.of("a", "b", "c", "d").subList(0, 1 + random.nextInt(4));
      List<List<Held>> tables = tables(random, nodes);

      List<PlannedMove> moves = Balance.plan(all(tables), nodes, Map.of());

      assertThat(moves.stream().map(m -> m.getTableId() + "/" + m.getShardId()))
          .as("seed %s", seed)
          .doesNotHaveDuplicates();
      for (List<Held> table : tables) {
        assertEven(seed, counts(table, moves), nodes);
      }
      assertEven(seed, counts(all(tables), moves), nodes);
      assertThat(moves).as("seed %s: %s", seed, tables).hasSize(fewest(tables, nodes));
    }
  }

  private static List<List<Held>> tables(Random random, List<String> nodes) {
    List<String> holders = new ArrayList<>(nodes);
    holders.add("gone");
    List<List<Held>> tables = new ArrayList<>();
    for (int t = random.nextInt(5); t >= 0; t--) {
      // Most of a table on few nodes: what evens itself out shows little.
      int some = 1 + random.nextInt(holders.size());
      String[] at = new String[random.nextInt(7)];
      Arrays.setAll(at, i -> holders.get(random.nextInt(some)));
      Collections.shuffle(holders, random);
      tables.add(held("t" + t, at));
    }
    return tables;
  }

  private static Map<String, Integer> counts(List<Held> shards, List<PlannedMove> moves) {
    Map<String, String> places = new HashMap<>();
    moves.forEach(m -> places.put(m.getTableId() + "/" + m.getShardId(), m.getToNode()));
    Map<String, Integer> counts = new TreeMap<>();
    shards.forEach(
        s ->
            counts.merge(
                places.getOrDefault(s.tableId() + "/" + s.shardId(), s.nodeId()), 1, Integer::sum));
    return counts;
  }

  private static void assertEven(int seed, Map<String, Integer> counts, List<String> nodes) {
    assertThat(nodes).as("seed %s", seed).containsAll(counts.keySet());
    List<Integer> each = nodes.stream().map(n -> counts.getOrDefault(n, 0)).toList();
    assertThat(Collections.max(each) - Collections.min(each))
        .as("seed %s: %s", seed, counts)
        .isLessThan(2);
  }

  /** By trying every way to give each table's remainder to nodes. */
  private static int fewest(List<List<Held>> tables, List<String> nodes) {
    return fewest(tables, nodes, 0, new int[nodes.size()]);
  }

  private static int fewest(List<List<Held>> tables, List<String> nodes, int from, int[] totals) {
    if (from == tables.size()) {
      int most = Arrays.stream(totals).max().orElseThrow();
      return most - Arrays.stream(totals).min().orElseThrow() < 2 ? 0 : 1_000;
    }
    List<Held> table = tables.get(from);
    int[] has = new int[nodes.size()];
    table.stream()
        .filter(s -> nodes.contains(s.nodeId()))
        .forEach(s -> has[nodes.indexOf(s.nodeId())]++);
    int remainder = table.size() % nodes.size();
    return Stream.iterate(0, i -> i + 1)
        .limit(1 << nodes.size())
        .filter(chosen -> Integer.bitCount(chosen) == remainder)
        .mapToInt(
            chosen -> {
              int[] after = totals.clone();
              int moves = 0;
              for (int n = 0; n < nodes.size(); n++) {
                int wanted = table.size() / nodes.size() + (chosen >> n & 1);
                after[n] += wanted;
                moves += Math.max(0, wanted - has[n]);
              }
              return moves + fewest(tables, nodes, from + 1, after);
            })
        .min()
        .orElseThrow();
  }

  @Test
  void holders_of_the_same_rows_stay_on_different_nodes_and_nodes_get_their_share() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<String> nodes = List.of("a", "b", "c", "d", "e").subList(0, 2 + random.nextInt(4));
      int replicas = 1 + random.nextInt(nodes.size());
      List<Held> shards = new ArrayList<>();
      for (int group = 0; group < 1 + random.nextInt(12); group++) {
        List<String> chosen = new ArrayList<>(nodes);
        Collections.shuffle(chosen, random);
        for (String node : chosen.subList(0, replicas)) {
          shards.add(new Held("t", shards.size(), node, group));
        }
      }

      Map<Integer, String> after = new HashMap<>();
      shards.forEach(s -> after.put(s.shardId(), s.nodeId()));
      Balance.plan(shards, nodes, Map.of()).forEach(m -> after.put(m.getShardId(), m.getToNode()));

      Map<String, Integer> load = new HashMap<>();
      nodes.forEach(n -> load.put(n, 0));
      Set<String> places = new HashSet<>();
      for (Held shard : shards) {
        load.merge(after.get(shard.shardId()), 1, Integer::sum);
        assertThat(places.add(shard.group() + " on " + after.get(shard.shardId())))
            .as("seed %s: two of group %s on a node", seed, shard.group())
            .isTrue();
      }
      assertThat(Collections.max(load.values()) - Collections.min(load.values()))
          .as("seed %s: %s", seed, load)
          .isLessThanOrEqualTo(1);
    }
  }
}
