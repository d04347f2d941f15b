package dev.shardstream.streams.move;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which nodes hold one shard more of which table than every node does. An extra shard costs a move
 * on a node that does not have it already.
 *
 * <p>This is a flow of least cost from tables to nodes: first every table chooses for itself, which
 * is cheapest; then, as long as one node has two more than another, one extra shard is passed on
 * along the cheapest chain of nodes from such a node to such another. A chain that is cheapest
 * leaves no way to do the same for less (successive shortest paths, Ahuja, Magnanti and Orlin,
 * <i>Network Flows</i>, 9.7).
 */
final class ExtraShards {
  /** A step costs -1, 0 or 1. */
  private static final int COSTS = 3;

  private static final int UNREACHABLE = Integer.MAX_VALUE / 2;

  private record Row(int base, int[] counts, boolean[] extra) {
    int cost(int node) {
      return counts[node] > base ? 0 : 1;
    }
  }

  /** The cheapest way from one node to the others: by which table each step passes a shard on. */
  private record Chains(int from, int[] cost, int[] before, int[] table) {}

  private record Chain(Chains chains, int to) {
    int cost() {
      return chains.cost()[to];
    }
  }

  private final int nodes;
  private final int[] otherShards;
  private final int[] load;
  private final List<Row> rows = new ArrayList<>();

  /** By the nodes from and to, and what it costs: the tables that can pass an extra shard on. */
  private final BitSet[] passing;

  /**
   * @param otherShards shards of other tables by node
   */
  ExtraShards(int[] otherShards) {
    this.nodes = otherShards.length;
    this.otherShards = otherShards;
    this.load = new int[nodes];
    this.passing = new BitSet[nodes * nodes * COSTS];
    Arrays.setAll(passing, i -> new BitSet());
  }

  /**
   * The next table chooses.
   *
   * @param counts shards it has by node
   * @param total all of its shards, also those on other nodes
   */
  void add(int[] counts, int total) {
    Row row = new Row(total / nodes, counts, new boolean[nodes]);
    IntStream.range(0, nodes)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingInt(row::cost)
                .thenComparingInt(node -> load[node] + otherShards[node])
                .thenComparingInt(node -> -counts[node]))
        .limit(total % nodes)
        .forEach(
            node -> {
              row.extra()[node] = true;
              load[node]++;
            });
    rows.add(row);
    index(rows.size() - 1, true);
  }

  /** Lets no node have two extra shards more than another. */
  void even() {
    Optional<Chain> next = cheapest(2);
    while (next.isPresent()) {
      pass(next.get());
      next = cheapest(2);
    }
    next = cheapest(1).filter(chain -> chain.cost() < 0);
    while (next.isPresent()) {
      pass(next.get());
      next = cheapest(1).filter(chain -> chain.cost() < 0);
    }
  }

  /** How many shards of a table each node shall have, in the order in which tables were added. */
  int[] wanted(int table) {
    Row row = rows.get(table);
    return IntStream.range(0, nodes).map(n -> row.base() + (row.extra()[n] ? 1 : 0)).toArray();
  }

  /** The cheapest chain from a node to one that has fewer extra shards, by at least so many. */
  private Optional<Chain> cheapest(int difference) {
    int lightest = Arrays.stream(load).min().orElse(0);
    int[][] tables = cheapestTables();
    return IntStream.range(0, nodes)
        .filter(from -> load[from] - lightest >= difference)
        .mapToObj(from -> chains(from, tables))
        .flatMap(
            chains ->
                IntStream.range(0, nodes)
                    .filter(to -> load[chains.from()] - load[to] >= difference)
                    .filter(to -> chains.cost()[to] < UNREACHABLE)
                    .mapToObj(to -> new Chain(chains, to)))
        .min(Comparator.comparingInt(Chain::cost));
  }

  /** The table that passes an extra shard on from one node to another for least, -1 for none. */
  private int[][] cheapestTables() {
    int[][] tables = new int[nodes][nodes];
    for (int from = 0; from < nodes; from++) {
      for (int to = 0; to < nodes; to++) {
        int table = -1;
        for (int cost = -1; table < 0 && cost <= 1; cost++) {
          table = passing(from, to, cost).nextSetBit(0);
        }
        tables[from][to] = table;
      }
    }
    return tables;
  }

  private BitSet passing(int from, int to, int cost) {
    return passing[(from * nodes + to) * COSTS + cost + 1];
  }

  /** Remembers or forgets between which nodes a table can pass an extra shard on. */
  private void index(int table, boolean isThere) {
    boolean[] extra = rows.get(table).extra();
    for (int from = 0; from < nodes; from++) {
      for (int to = 0; extra[from] && to < nodes; to++) {
        if (!extra[to]) {
          passing(from, to, cost(table, from, to)).set(table, isThere);
        }
      }
    }
  }

  private int cost(int table, int from, int to) {
    return rows.get(table).cost(to) - rows.get(table).cost(from);
  }

  /** Bellman and Ford: there are costs below zero, but no circle of them. */
  private Chains chains(int from, int[][] tables) {
    Chains chains = new Chains(from, new int[nodes], new int[nodes], new int[nodes]);
    Arrays.fill(chains.cost(), UNREACHABLE);
    chains.cost()[from] = 0;
    for (boolean moved = true; moved; ) {
      moved = false;
      for (int a = 0; a < nodes; a++) {
        for (int b = 0; b < nodes; b++) {
          int table = tables[a][b];
          if (table >= 0
              && chains.cost()[a] < UNREACHABLE
              && chains.cost()[a] + cost(table, a, b) < chains.cost()[b]) {
            chains.cost()[b] = chains.cost()[a] + cost(table, a, b);
            chains.before()[b] = a;
            chains.table()[b] = table;
            moved = true;
          }
        }
      }
    }
    return chains;
  }

  private void pass(Chain chain) {
    int from = chain.chains().from();
    for (int to = chain.to(); to != from; to = chain.chains().before()[to]) {
      int table = chain.chains().table()[to];
      boolean[] extra = rows.get(table).extra();
      index(table, false);
      extra[chain.chains().before()[to]] = false;
      extra[to] = true;
      index(table, true);
    }
    load[from]--;
    load[chain.to()]++;
  }
}
