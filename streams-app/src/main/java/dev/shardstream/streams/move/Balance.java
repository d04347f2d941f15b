package dev.shardstream.streams.move;

import dev.shardstream.streams.record.PlannedMove;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The fewest moves after which the nodes hold equally many shards, of each table and of all, but
 * for one.
 *
 * <p>Every node gets a table's shard count divided by the number of nodes, rounded down. What
 * remains of each table, its extra shards, go to different nodes: first to those that have them
 * already, so that nothing is moved for them. {@link ExtraShards} then evens out how many extra
 * shards each node has.
 */
final class Balance {
  /**
   * A shard that may be moved, and the node that holds it.
   *
   * @param group the same for shards of the table with the same rows, which must be on different
   *     nodes
   */
  record Held(String tableId, int shardId, String nodeId, int group) {
    Held on(String node) {
      return new Held(tableId, shardId, node, group);
    }
  }

  private final List<String> nodes;
  private final Map<String, Integer> index = new HashMap<>();
  private final SortedMap<String, List<Held>> tables = new TreeMap<>();

  private Balance(List<Held> shards, List<String> nodes) {
    this.nodes = nodes;
    for (int i = 0; i < nodes.size(); i++) {
      index.put(nodes.get(i), i);
    }
    shards.stream()
        .sorted(Comparator.comparing(Held::tableId).thenComparing(Held::shardId))
        .forEach(s -> tables.computeIfAbsent(s.tableId(), t -> new ArrayList<>()).add(s));
  }

  /**
   * What to move, by table and shard id.
   *
   * @param shards all of the tables that are looked at; those on other nodes than these are moved
   * @param nodes at least one
   * @param otherShards how many shards of other tables a node holds, 0 for what is not there; where
   *     it does not cost a move the extra shards go to nodes that hold fewer
   */
  static List<PlannedMove> plan(
      List<Held> shards, List<String> nodes, Map<String, Integer> otherShards) {
    Balance balance = new Balance(shards, nodes);
    ExtraShards extra =
        new ExtraShards(nodes.stream().mapToInt(n -> otherShards.getOrDefault(n, 0)).toArray());
    balance.tables.values().forEach(t -> extra.add(balance.counts(t), t.size()));
    extra.even();
    List<PlannedMove> moves = new ArrayList<>();
    int table = 0;
    for (List<Held> held : balance.tables.values()) {
      moves.addAll(balance.moves(held, extra.wanted(table++)));
    }
    return moves;
  }

  private int[] counts(List<Held> table) {
    int[] counts = new int[nodes.size()];
    table.stream().filter(s -> index.containsKey(s.nodeId())).forEach(s -> counts[at(s)]++);
    return counts;
  }

  private int at(Held shard) {
    return index.get(shard.nodeId());
  }

  /**
   * Those that are too many on their node leave it, the last ones first. Where one of the same rows
   * is on each node that takes some, another shard leaves in its place: a node that has more shards
   * of a table than another one has some rows that the other has not.
   */
  private List<PlannedMove> moves(List<Held> table, int[] wanted) {
    int[] kept = new int[nodes.size()];
    List<Held> leaving = new ArrayList<>();
    for (Held shard : table) {
      if (index.containsKey(shard.nodeId()) && kept[at(shard)] < wanted[at(shard)]) {
        kept[at(shard)]++;
      } else {
        leaving.add(shard);
      }
    }
    List<String> free =
        new ArrayList<>(
            IntStream.range(0, wanted.length)
                .boxed()
                .flatMap(i -> Stream.generate(() -> nodes.get(i)).limit(wanted[i] - kept[i]))
                .toList());
    Placed placed = new Placed(table);
    List<PlannedMove> moves = new ArrayList<>();
    for (Held shard : leaving) {
      placed
          .move(shard, free)
          .ifPresent(
              moved -> {
                free.remove(moved.nodeId());
                moves.add(new PlannedMove(moved.tableId(), moved.shardId(), moved.nodeId()));
              });
    }
    return moves;
  }

  /** Where the shards of a table are while it is planned which of them move. */
  private static final class Placed {
    private final Map<Integer, Held> byId = new TreeMap<>();
    private final Set<Integer> moved = new HashSet<>();

    Placed(List<Held> table) {
      table.forEach(shard -> byId.put(shard.shardId(), shard));
    }

    /** Moves a shard, or another one of its node, to a free node; where it is then. */
    Optional<Held> move(Held shard, List<String> free) {
      Stream<Held> others =
          byId.values().stream()
              .filter(s -> s.nodeId().equals(shard.nodeId()))
              .sorted(Comparator.comparing(Held::shardId).reversed());
      Optional<Held> to =
          Stream.concat(Stream.of(shard), others)
              .filter(s -> !moved.contains(s.shardId()))
              .flatMap(s -> free.stream().filter(node -> mayBeOn(s, node)).limit(1).map(s::on))
              .findFirst();
      to.ifPresent(
          held -> {
            moved.add(held.shardId());
            byId.put(held.shardId(), held);
          });
      return to;
    }

    private boolean mayBeOn(Held shard, String node) {
      return byId.values().stream()
          .noneMatch(s -> s.group() == shard.group() && s.nodeId().equals(node));
    }
  }
}
