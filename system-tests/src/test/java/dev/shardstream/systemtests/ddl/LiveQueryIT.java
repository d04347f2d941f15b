package dev.shardstream.systemtests.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.live.LiveChange;
import dev.shardstream.producer.live.LiveQuery;
import dev.shardstream.producer.live.LiveQuerySink;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.Reshards;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Live queries over real processes. */
class LiveQueryIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final int ROWS = 64;
  private static final int ROUNDS = 40;

  /** What a subscriber is told, by key. */
  private static final class Told implements LiveQuerySink {
    private final Map<Long, List<Object>> counts = new TreeMap<>();
    private boolean initialDone;
    private @Nullable ShardstreamException error;

    @Override
    public void columns(List<String> names) {
      assertThat(names).isEqualTo(List.of("id", "count"));
    }

    @Override
    public synchronized void row(List<@Nullable Object> values) {
      assertThat(initialDone).isFalse();
      note(values, values.get(1));
    }

    @Override
    public synchronized void initialDone() {
      initialDone = true;
    }

    @Override
    public synchronized void change(LiveChange change) {
      note(
          change.values(),
          change.kind() == LiveChange.Kind.DELETED ? "gone" : change.values().get(1));
    }

    private void note(List<@Nullable Object> values, @Nullable Object what) {
      counts.computeIfAbsent((Long) values.get(0), key -> new ArrayList<>()).add(what);
    }

    @Override
    public synchronized void ended(@Nullable ShardstreamException why) {
      error = why;
    }

    synchronized boolean isInitialDone() {
      return initialDone;
    }

    synchronized Map<Long, List<Object>> counts() {
      Map<Long, List<Object>> copy = new TreeMap<>();
      counts.forEach((key, told) -> copy.put(key, List.copyOf(told)));
      return copy;
    }

    synchronized @Nullable ShardstreamException error() {
      return error;
    }
  }

  @Test
  void every_change_comes_once_and_in_order_across_a_reshard() {
    Shardstream client = CLUSTER.client();
    client.execute(
        "CREATE TABLE counted (id BIGINT PRIMARY KEY, count BIGINT, other TEXT) WITH (SHARDS=2)");
    RowWriter writer = client.writer("counted");
    writer.awaitApplied(
        joined(
            LongStream.range(0, ROWS)
                .mapToObj(id -> writer.insert(Map.of("id", id, "count", 0L)))
                .toList()));
    Told told = new Told();
    try (LiveQuery query = client.subscribe("SUBSCRIBE TO SELECT id, count FROM counted", told)) {
      await("the rows of the beginning").atMost(Patience.ONE_STEP).until(told::isInitialDone);
      Reshards reshards = new Reshards(client);
      var reshard = reshards.start("counted", 5);
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      long round = 0;
      // At least that many rounds, and until the sources are gone.
      while (round < ROUNDS || !reshards.now(reshard).ended()) {
        round++;
        for (long id = 0; id < ROWS; id++) {
          sent.add(writer.update(Map.of("id", id), Map.of("count", round)));
          if (id % 8 == 0) {
            // Refused, so nobody must hear of it.
            writer.insert(Map.of("id", id, "count", -1L));
          }
        }
        writer.awaitApplied(joined(sent));
        sent.clear();
      }
      reshards.completed(reshard);
      writer.awaitApplied(joined(List.of(writer.delete(Map.of("id", 0L)))));

      List<Object> all = LongStream.rangeClosed(0, round).mapToObj(n -> (Object) n).toList();
      Map<Long, List<Object>> expected = new TreeMap<>();
      LongStream.range(1, ROWS).forEach(id -> expected.put(id, all));
      List<Object> withEnd = new ArrayList<>(all);
      withEnd.add("gone");
      expected.put(0L, withEnd);
      await("every change")
          .atMost(Patience.ONE_STEP)
          .until(() -> total(told.counts()) >= total(expected));
      assertThat(told.counts()).isEqualTo(expected);
      assertThat(query.isActive()).isTrue();
    }
    client.execute("DROP TABLE counted");
  }

  @Test
  void a_column_in_use_is_not_dropped_until_its_queries_end() {
    // Signs of life that are late on a slow machine are no end of a query.
    try (Shardstream client =
        CLUSTER.connect(
            Map.of(ClientConfig.LIVE_QUERY_TIMEOUT, RunningCluster.LIVE_QUERY_TIMEOUT))) {
      client.execute(
          "CREATE TABLE watched (id BIGINT PRIMARY KEY, name TEXT, age INT, age_group TEXT)");
      LiveQuery first = client.subscribe("SELECT id, name FROM watched", new Ignoring());
      LiveQuery second =
          client.subscribe("SELECT id FROM watched WHERE name = 'x' AND age > 3", new Ignoring());
      await("both are known")
          .atMost(Patience.ONE_STEP)
          .until(() -> client.execute("SHOW LIVE QUERIES").rows().size() == 2);

      await("the control plane knows both")
          .atMost(Patience.ONE_STEP)
          .untilAsserted(
              () ->
                  assertThat(refusal(client, "ALTER TABLE watched DROP COLUMN name"))
                      .isEqualTo(
                          "COLUMN_IN_LIVE_QUERY: Cannot drop column 'name' - used by 2 active live"
                              + " queries"));
      client.execute("ALTER TABLE watched DROP COLUMN age_group");
      client.execute("KILL LIVE QUERY '" + second.id() + "'");
      await("the killed one ends").atMost(Patience.ONE_STEP).until(() -> !second.isActive());
      assertThat(second.error().orElseThrow().code()).isEqualTo(ErrorCode.LIVE_QUERY_KILLED);
      first.close();
      await("nobody uses it")
          .atMost(Patience.ONE_STEP)
          .ignoreExceptions()
          .until(() -> !client.execute("ALTER TABLE watched DROP COLUMN name").rows().isEmpty());
      assertThat(client.execute("SHOW LIVE QUERIES").rows()).isEmpty();
      client.execute("DROP TABLE watched");
    }
  }

  private static int total(Map<Long, List<Object>> counts) {
    return counts.values().stream().mapToInt(List::size).sum();
  }

  private static String refusal(Shardstream client, String statement) {
    ShardstreamException refused =
        catchThrowableOfType(ShardstreamException.class, () -> client.execute(statement));
    return refused == null ? "done" : refused.code() + ": " + refused.getMessage();
  }

  private static List<Receipt> joined(List<CompletableFuture<Receipt>> sent) {
    return sent.stream().map(CompletableFuture::join).toList();
  }

  /** A sink for queries that only have to be there. */
  private static final class Ignoring implements LiveQuerySink {
    @Override
    public void columns(List<String> names) {}

    @Override
    public void row(List<@Nullable Object> values) {}

    @Override
    public void initialDone() {}

    @Override
    public void change(LiveChange change) {}

    @Override
    public void ended(@Nullable ShardstreamException error) {}
  }
}
