package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.QueryRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two owners, 0 and 1, each with a replica, 10 and 11; nodes have the names of shards. */
class RouterReplicasTest {
  private static final String USERS = Shop.USERS.getTableId();
  private static final Topology TOPOLOGY = topology();

  private final SqliteShards shards = new SqliteShards();
  private final Session session = new Session();
  private final AtomicLong clock = new AtomicLong();
  private final Set<Integer> dead = new HashSet<>();

  /** How far a shard is behind what sessions may have seen; it does not wait. */
  private final Map<Integer, Long> position = new HashMap<>();

  private final Metadata metadata = new Metadata();
  private final Router router =
      new Router(
          metadata,
          new Holders(new Client(), Duration.ofSeconds(30), clock::get),
          "default",
          new QuerySettings(
              Duration.ofSeconds(60),
              Duration.ofSeconds(2),
              Duration.ofSeconds(30),
              Duration.ofSeconds(20),
              1_000,
              64L << 20,
              3),
          clock::get);

  /** Waiting for news takes as long as it may. */
  private final class Metadata extends SampleTables.Fixed {
    private Metadata() {
      super(RouterReplicasTest.snapshot(TOPOLOGY));
    }

    @Override
    public boolean await(
        java.util.function.Predicate<MetadataSnapshot> condition, Duration timeout) {
      clock.addAndGet(timeout.toNanos());
      return super.await(condition, timeout);
    }
  }

  private final class Client implements ShardClient {
    @Override
    public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
      if (dead.contains(shard.shardId())) {
        throw new ShardUnavailableException(shard, "connection refused", null);
      }
      long reached = position.getOrDefault(shard.shardId(), Long.MAX_VALUE);
      if (request.minPositions().stream().anyMatch(wanted -> wanted.offset() > reached)) {
        throw new ShardstreamException(ErrorCode.WRITE_NOT_APPLIED, request.minPositions(), 0);
      }
      shards.query(shard, request, sink);
    }

    @Override
    public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
      return shards.await(shard, request);
    }

    @Override
    public void close() {}
  }

  private static Topology topology() {
    List<Shard> all = new ArrayList<>();
    for (Shard owner : Shop.shards(0, 2, ShardStatus.ACTIVE)) {
      for (int id : List.of(owner.getId(), owner.getId() + 10)) {
        all.add(
            new Shard(
                id,
                "n" + id,
                ShardStatus.ACTIVE,
                owner.getVirtualShards(),
                id < 10 ? ShardRole.OWNER : ShardRole.REPLICA,
                null));
      }
    }
    all.sort(Comparator.comparing(Shard::getId));
    return Shop.topology(Shop.USERS, 1, all);
  }

  private static MetadataSnapshot snapshot(Topology topology) {
    Map<String, Node> nodes =
        topology.getShards().stream()
            .map(Shard::getNodeId)
            .collect(
                Collectors.toMap(
                    id -> id,
                    id -> new Node(id, "a", "http://" + id, NodeState.UP, 0L, 0L, 0L, List.of())));
    return new MetadataSnapshot(
        Map.of(USERS, Shop.USERS), Map.of(USERS, topology), Map.of(), nodes);
  }

  @BeforeEach
  void load() throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    LongStream.range(0, 100)
        .forEach(id -> rows.add(Arrays.asList(id, "n" + id, null, id, -0.0, 1L, null, null)));
    shards.load(Shop.USERS, TOPOLOGY, rows);
  }

  @AfterEach
  void close() {
    router.close();
    shards.close();
  }

  private List<List<@Nullable Object>> rows(String sql) {
    return router.select((SelectStatement) SqlParser.parse(sql), List.of(), session).rows();
  }

  private List<Integer> answered() {
    List<Integer> ids = shards.asked.stream().map(QueryRequest::shardId).sorted().toList();
    shards.asked.clear();
    return ids;
  }

  @Test
  void every_row_is_read_once_whoever_answers() {
    Map<List<Integer>, Integer> who = new TreeMap<>(Comparator.comparing(List::toString));
    for (int i = 0; i < 10; i++) {
      assertThat(rows("SELECT count(*), sum(id) FROM users")).containsExactly(List.of(100L, 4950L));
      who.merge(answered(), 1, Integer::sum);
    }
    assertThat(who).isEqualTo(Map.of(List.of(0, 1), 5, List.of(10, 11), 5));
  }

  @Test
  void a_dead_node_costs_readers_nothing() {
    for (int gone : List.of(0, 1, 10, 11)) {
      dead.clear();
      dead.add(gone);
      for (int i = 0; i < 4; i++) {
        assertThat(rows("SELECT count(*) FROM users")).containsExactly(List.of(100L));
        assertThat(rows("SELECT name FROM users WHERE id = 17")).containsExactly(List.of("n17"));
      }
    }
    assertThat(clock).hasValue(0);
  }

  @Test
  void one_node_of_each_pair_is_enough() {
    dead.addAll(List.of(0, 11));
    assertThat(rows("SELECT count(DISTINCT id) FROM users")).containsExactly(List.of(100L));
    assertThat(answered()).containsExactly(1, 10);
    assertThat(clock).hasValue(0);
  }

  @Test
  void a_statement_is_repeated_when_no_holder_answers_and_all_are_named() {
    dead.addAll(List.of(0, 10));
    assertThatThrownBy(() -> rows("SELECT name FROM users WHERE id = 0 OR id = 17"))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_UNREACHABLE))
        .hasMessageContaining("(waited 20 s): connection refused; Shard default-users-1/")
        .hasMessageContaining("on node 'n0'")
        .hasMessageContaining("on node 'n10'");
    assertThat(clock.get()).isEqualTo(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void a_replica_that_is_behind_the_session_is_passed_over() {
    session.sawWrite(USERS, new Position(0, 8));
    position.put(10, 7L);
    for (int i = 0; i < 6; i++) {
      rows("SELECT count(*) FROM users");
      assertThat(answered()).contains(0).doesNotContain(10);
    }
    position.put(10, 8L);
    clock.addAndGet(Duration.ofSeconds(2).toNanos());
    rows("SELECT count(*) FROM users");
    rows("SELECT count(*) FROM users");
    assertThat(answered()).contains(0, 10);
  }

  @Test
  void what_one_holder_has_shown_the_next_one_must_show_too() {
    dead.addAll(List.of(10, 11));
    rows("SELECT count(*) FROM users");
    dead.clear();
    dead.addAll(List.of(0, 1));
    shards.asked.clear();
    rows("SELECT count(*) FROM users");
    // A played shard stands at 7 in the partition of its own number.
    assertThat(shards.asked)
        .filteredOn(request -> request.shardId() == 10)
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.minPositions())
                    .containsExactly(new Position(0, 7), new Position(1, 7)));
  }
}
