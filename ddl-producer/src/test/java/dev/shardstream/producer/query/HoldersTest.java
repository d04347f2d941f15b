package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.MetadataSnapshot;
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
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Owner 0 is on node n0, its replicas 1 and 2 on n1 and n2; each answers as a test says. */
class HoldersTest {
  private static final String TABLE = Shop.CITIES.getTableId();
  private static final Duration NODE_TIMEOUT = Duration.ofSeconds(30);
  private static final Shard OWNER = shard(0, ShardRole.OWNER);
  private static final Topology TOPOLOGY =
      Shop.topology(
          Shop.CITIES, 4, List.of(OWNER, shard(1, ShardRole.REPLICA), shard(2, ShardRole.REPLICA)));

  private final AtomicLong clock = new AtomicLong();
  private final Map<Integer, Function<ShardAddress, RuntimeException>> failures = new HashMap<>();
  private final List<Integer> asked = new ArrayList<>();
  private final List<String> waits = new ArrayList<>();
  private final Client client = new Client(false);
  private final Holders holders = new Holders(client, NODE_TIMEOUT, clock::get);
  private MetadataSnapshot metadata = metadata(TOPOLOGY, Map.of());
  private boolean isCutOff;

  /** Answers one row, its shard's id, unless the shard has a failure. */
  private final class Client implements ShardClient {
    private final boolean whileThere;

    private Client(boolean whileThere) {
      this.whileThere = whileThere;
    }

    @Override
    public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
      assertThat(request.shardId()).isEqualTo(shard.shardId());
      note(shard, request.maxWaitMillis());
      if (isCutOff) {
        sink.header(new QueryHeader(List.of("id"), List.of()));
      }
      fail(shard);
      sink.header(new QueryHeader(List.of("id"), List.of(new Position(3, shard.shardId()))));
      sink.row(List.of((long) shard.shardId()));
    }

    @Override
    public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
      assertThat(request.shardId()).isEqualTo(shard.shardId());
      note(shard, request.maxWaitMillis());
      fail(shard);
      return new AwaitResponse(!isCutOff, List.of());
    }

    private void note(ShardAddress shard, long wait) {
      asked.add(shard.shardId());
      waits.add(wait + (whileThere ? " while there" : ""));
    }

    private void fail(ShardAddress shard) {
      if (failures.containsKey(shard.shardId())) {
        throw failures.get(shard.shardId()).apply(shard);
      }
    }

    @Override
    public ShardClient whileThere() {
      return new Client(true);
    }

    @Override
    public void close() {}
  }

  private static Shard shard(int id, ShardRole role) {
    return new Shard(
        id, "n" + id, ShardStatus.ACTIVE, IntStream.range(0, 256).boxed().toList(), role, null);
  }

  private static Node node(int id, String incarnation, long heartbeat, NodeState state) {
    return new Node(
        "n" + id, incarnation, "http://n" + id + ":80", state, heartbeat, 0L, 0L, List.of());
  }

  /** Three nodes that are up, but for those given. */
  private static MetadataSnapshot metadata(Topology topology, Map<String, Node> others) {
    Map<String, Node> nodes = new HashMap<>();
    for (int id = 0; id < 3; id++) {
      nodes.put("n" + id, node(id, "a", 0, NodeState.UP));
    }
    nodes.putAll(others);
    return new MetadataSnapshot(
        Map.of(TABLE, Shop.CITIES), Map.of(TABLE, topology), Map.of(), nodes);
  }

  private static Function<ShardAddress, RuntimeException> refused() {
    return shard -> new ShardUnavailableException(shard, "connection refused", null);
  }

  private static Function<ShardAddress, RuntimeException> behind(ErrorCode code) {
    return shard ->
        ShardUnavailableException.behind(shard, code, code + " by " + shard.shardName());
  }

  private static Function<ShardAddress, RuntimeException> reports(ErrorCode code) {
    return shard -> ShardstreamException.reported(code, code + " by " + shard.shardName());
  }

  /** Who answers. */
  private long ask() {
    List<Long> rows = new ArrayList<>();
    List<Position> positions =
        holders.query(
            metadata,
            OWNER,
            new QueryRequest(
                TABLE,
                0,
                1,
                new QueryRequest.View("cities", List.of(), null),
                "SELECT id FROM cities",
                List.of(),
                List.of(),
                20_000,
                10,
                500,
                1_000,
                30_000),
            new ShardClient.AnswerSink() {
              @Override
              public void header(QueryHeader header) {}

              @Override
              public void row(List<@Nullable Object> values) {
                rows.add((Long) values.get(0));
              }
            });
    assertThat(rows).hasSize(1);
    assertThat(positions).containsExactly(new Position(3, rows.get(0)));
    return rows.get(0);
  }

  private Map<Long, Integer> ask(int times) {
    Map<Long, Integer> answers = new TreeMap<>();
    for (int i = 0; i < times; i++) {
      answers.merge(ask(), 1, Integer::sum);
    }
    return answers;
  }

  @Test
  void reads_go_round_evenly() {
    assertThat(ask(300)).isEqualTo(Map.of(0L, 100, 1L, 100, 2L, 100));
  }

  @Test
  void reads_of_two_owners_in_turn_go_round_evenly_too() {
    HolderOrder order = new HolderOrder(NODE_TIMEOUT, clock::get);
    Topology two = Shop.topology(Shop.CITIES, 1, replicated(2));
    MetadataSnapshot now = metadata(two, Map.of());
    Map<Integer, Integer> first = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      for (Shard owner : two.getShards().subList(0, 2)) {
        first.merge(order.of(now, TABLE, owner).get(0).getId(), 1, Integer::sum);
      }
    }
    assertThat(first).isEqualTo(Map.of(0, 50, 1, 50, 10, 50, 11, 50));
  }

  /** Owners 0 to n-1 and a replica of each, ten higher. */
  private static List<Shard> replicated(int owners) {
    List<Shard> shards = new ArrayList<>();
    for (Shard owner : Shop.shards(0, owners, ShardStatus.ACTIVE)) {
      shards.add(owner.getId(), holder(owner, 0, ShardRole.OWNER));
      shards.add(holder(owner, 10, ShardRole.REPLICA));
    }
    return shards;
  }

  private static Shard holder(Shard owner, int higher, ShardRole role) {
    int node = (owner.getId() + higher / 10) % 3;
    return new Shard(
        owner.getId() + higher,
        "n" + node,
        ShardStatus.ACTIVE,
        owner.getVirtualShards(),
        role,
        null);
  }

  @Test
  void those_who_fail_leave_their_share_to_the_others_evenly() {
    failures.put(1, refused());
    assertThat(ask(100)).isEqualTo(Map.of(0L, 50, 2L, 50));
    assertThat(asked).filteredOn(id -> id == 1).hasSize(1);
  }

  @Test
  void the_next_holder_is_asked_at_once_when_the_first_is_dead() {
    for (int id : List.of(0, 1, 2)) {
      failures.clear();
      failures.put(id, refused());
      assertThat(ask(4)).doesNotContainKey((long) id);
    }
  }

  @Test
  void a_holder_that_is_too_stale_is_passed_over() {
    assertPassedOver(behind(ErrorCode.READ_TOO_STALE));
  }

  @Test
  void a_holder_of_another_epoch_is_passed_over() {
    assertPassedOver(behind(ErrorCode.STALE_TOPOLOGY));
  }

  @Test
  void a_holder_that_is_behind_in_the_schema_is_passed_over() {
    assertPassedOver(behind(ErrorCode.STALE_SCHEMA));
  }

  @Test
  void a_holder_that_has_not_reached_what_the_session_saw_is_passed_over() {
    assertPassedOver(reports(ErrorCode.WRITE_NOT_APPLIED));
  }

  @Test
  void a_holder_that_has_stopped_is_passed_over() {
    assertPassedOver(reports(ErrorCode.SHARD_FAILED));
  }

  private void assertPassedOver(Function<ShardAddress, RuntimeException> failure) {
    failures.put(0, failure);
    failures.put(1, failure);
    assertThat(ask(10)).isEqualTo(Map.of(2L, 10));
    assertThat(asked).hasSize(12);
  }

  @Test
  void only_the_last_holder_may_take_all_the_time() {
    failures.put(0, refused());
    failures.put(1, refused());
    failures.put(2, refused());
    assertThatThrownBy(this::ask).isInstanceOf(ShardUnavailableException.class);
    assertThat(waits).containsExactly("500 while there", "500 while there", "20000");
  }

  @Test
  void what_the_statement_deserves_is_no_holders_fault() {
    failures.put(0, reports(ErrorCode.QUERY_FAILED));
    failures.put(1, reports(ErrorCode.QUERY_FAILED));
    failures.put(2, reports(ErrorCode.QUERY_FAILED));
    assertThatThrownBy(this::ask).hasMessageStartingWith("QUERY_FAILED by ");
    assertThat(asked).hasSize(1);
  }

  @Test
  void all_that_were_tried_are_named_when_nobody_answers() {
    failures.put(0, behind(ErrorCode.READ_TOO_STALE));
    failures.put(1, refused());
    failures.put(2, reports(ErrorCode.SHARD_FAILED));
    asked.clear();
    assertThatThrownBy(this::ask)
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            failure ->
                assertThat(failure.after(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(
                        ShardstreamException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_UNREACHABLE))
                    .hasMessage(
                        "Shard default-cities-1/1 on node 'n1' is not reachable at http://n1:80"
                            + " (waited 20 s): connection refused; SHARD_FAILED by"
                            + " default-cities-1/2; Shard default-cities-1/0 at http://n0:80 on node"
                            + " 'n0': READ_TOO_STALE by default-cities-1/0"));
    assertThat(asked).containsExactly(1, 2, 0);
  }

  @Test
  void holders_that_are_all_too_stale_are_no_unreachable_ones() {
    for (int id = 0; id < 3; id++) {
      failures.put(id, behind(ErrorCode.READ_TOO_STALE));
    }
    assertThatThrownBy(this::ask)
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            failure ->
                assertThat(failure.after(Duration.ZERO).code())
                    .isEqualTo(ErrorCode.READ_TOO_STALE));
  }

  @Test
  void holders_that_have_all_stopped_say_so() {
    for (int id = 0; id < 3; id++) {
      failures.put(id, reports(ErrorCode.SHARD_FAILED));
    }
    assertThatThrownBy(this::ask)
        .isInstanceOf(ShardstreamException.class)
        .hasMessage("SHARD_FAILED by default-cities-1/0");
  }

  @Test
  void an_answer_that_is_cut_off_is_not_continued_by_another_holder() {
    isCutOff = true;
    failures.put(1, refused());
    assertThatThrownBy(this::ask)
        .hasMessage("Shard default-cities-1/1 at http://n1:80: connection refused");
    assertThat(asked).containsExactly(1);
  }

  @Test
  void a_holder_that_failed_is_asked_again_after_a_while_each_time_later() {
    failures.put(1, refused());
    List<Integer> seconds = new ArrayList<>();
    for (int second = 0; second < 100; second++) {
      asked.clear();
      ask(3);
      if (asked.contains(1)) {
        seconds.add(second);
      }
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
      metadata =
          metadata(
              TOPOLOGY,
              Map.of(
                  "n0", node(0, "a", second, NodeState.UP),
                  "n1", node(1, "a", second, NodeState.UP),
                  "n2", node(2, "a", second, NodeState.UP)));
    }
    assertThat(seconds).containsExactly(0, 1, 3, 7, 15, 31, 63, 95);
    failures.clear();
    clock.addAndGet(Duration.ofSeconds(29).toNanos());
    assertThat(ask(30)).isEqualTo(Map.of(0L, 10, 1L, 10, 2L, 10));
  }

  @Test
  void a_node_that_starts_again_is_asked_at_once() {
    failures.put(1, refused());
    ask(3);
    failures.clear();
    assertThat(ask(10)).doesNotContainKey(1L);
    metadata = metadata(TOPOLOGY, Map.of("n1", node(1, "b", 0, NodeState.UP)));
    assertThat(ask(30)).containsEntry(1L, 10);
  }

  @Test
  void a_node_of_which_nothing_is_heard_is_asked_last() {
    ask(3);
    clock.addAndGet(NODE_TIMEOUT.toNanos() - 1);
    metadata =
        metadata(
            TOPOLOGY,
            Map.of("n0", node(0, "a", 1, NodeState.UP), "n2", node(2, "a", 1, NodeState.UP)));
    assertThat(ask(3)).containsKey(1L);
    clock.addAndGet(1);
    assertThat(ask(10)).isEqualTo(Map.of(0L, 5, 2L, 5));
    failures.put(0, refused());
    failures.put(2, refused());
    assertThat(ask()).isEqualTo(1);
  }

  @Test
  void a_node_that_leaves_is_asked_last() {
    metadata = metadata(TOPOLOGY, Map.of("n1", node(1, "a", 0, NodeState.LEAVING)));
    assertThat(ask(10)).isEqualTo(Map.of(0L, 5, 2L, 5));
  }

  @Test
  void one_holder_alone_is_asked_with_all_the_time_whatever_is_known_of_its_node() {
    metadata = metadata(Shop.topology(Shop.CITIES, 5, List.of(OWNER)), Map.of());
    failures.put(0, refused());
    assertThatThrownBy(this::ask)
        .hasMessage("Shard default-cities-1/0 at http://n0:80: connection refused");
    clock.addAndGet(NODE_TIMEOUT.multipliedBy(2).toNanos());
    failures.clear();
    assertThat(ask()).isZero();
    assertThat(waits).containsExactly("20000", "20000");
  }

  private AwaitResponse await(long millis) {
    return holders.await(
        metadata, OWNER, new AwaitRequest(TABLE, 0, List.of(new Position(3, 7)), millis));
  }

  @Test
  void any_holder_tells_a_writer_what_became_of_a_change() {
    failures.put(1, refused());
    assertThat(await(2_000)).isEqualTo(new AwaitResponse(true, List.of()));
    assertThat(asked).containsExactly(1, 2);
    assertThat(waits).containsExactly("500 while there", "500 while there");
  }

  @Test
  void a_writer_waits_at_the_last_holder_when_all_lag() {
    isCutOff = true;
    assertThat(await(2_000)).isEqualTo(new AwaitResponse(false, List.of()));
    assertThat(waits).containsExactly("500 while there", "500 while there", "2000");
  }
}
