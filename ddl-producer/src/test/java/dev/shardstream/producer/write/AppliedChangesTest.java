package dev.shardstream.producer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.query.Holders;
import dev.shardstream.producer.query.ShardAddress;
import dev.shardstream.producer.query.ShardClient;
import dev.shardstream.producer.query.ShardUnavailableException;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.AwaitResponse.Rejection;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.schemas.threads.DaemonThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class AppliedChangesTest {
  private static final String USERS = SampleTables.USERS.getTableId();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final SampleTables.Fixed metadata = new SampleTables.Fixed(SampleTables.snapshot(2));
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  @Test
  void each_shard_is_asked_once_for_its_own_changes() {
    List<Receipt> receipts = List.of(receipt(0, 5, 3), receipt(0, 6, 3), receipt(15, 9, 255));
    applied((shard, request) -> new AwaitResponse(true, List.of()))
        .requireApplied(receipts, TIMEOUT);
    assertThat(asked)
        .containsExactlyInAnyOrder(
            "http://n0:80 default-users-2/0 [0@5, 0@6]", "http://n1:80 default-users-2/1 [15@9]");
  }

  @Test
  void a_change_of_a_range_table_is_asked_of_the_shard_that_has_its_key() {
    Table ranges = SampleTables.ranges(SampleTables.USERS);
    metadata.set(
        new MetadataSnapshot(
            Map.of(USERS, ranges),
            Map.of(USERS, SampleTables.ranges(ranges, 1, List.of(List.of(10L), List.of(20L)))),
            Map.of(),
            metadata.snapshot().nodes()));
    List<Receipt> receipts =
        List.of(9L, 10L, 25L, 19L).stream()
            .map(id -> new Receipt(USERS, 0, id, RowPlace.of(ranges, List.of(id))))
            .toList();
    applied((shard, request) -> new AwaitResponse(true, List.of()))
        .requireApplied(receipts, TIMEOUT);
    assertThat(asked)
        .containsExactlyInAnyOrder(
            "http://n0:80 default-users-2/0 [0@9]",
            "http://n1:80 default-users-2/1 [0@10, 0@19]",
            "http://n0:80 default-users-2/2 [0@25]");
  }

  @Test
  void the_first_rejection_in_the_order_of_the_receipts_is_thrown() {
    List<Receipt> receipts = List.of(receipt(0, 5, 3), receipt(0, 6, 3), receipt(0, 7, 3));
    AppliedChanges applied =
        applied(
            (shard, request) ->
                new AwaitResponse(
                    true,
                    List.of(
                        new Rejection(0, 7, "NOT_FOUND", "third"),
                        new Rejection(0, 6, "DUPLICATE_KEY", "second"))));
    assertThatThrownBy(() -> applied.requireApplied(receipts, TIMEOUT))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DUPLICATE_KEY))
        .hasMessage("second");
    assertThat(applied.rejections(receipts, TIMEOUT).keySet())
        .containsExactlyInAnyOrder(receipts.get(1), receipts.get(2));
  }

  @Test
  void a_change_is_followed_to_the_shard_that_owns_it_after_a_cutover() {
    AppliedChanges applied =
        applied(
            (shard, request) -> {
              if (shard.shardId() == 0) {
                metadata.set(
                    new MetadataSnapshot(
                        Map.of(USERS, SampleTables.USERS),
                        Map.of(USERS, SampleTables.topology(SampleTables.USERS, 2, 256)),
                        Map.of(),
                        metadata.snapshot().nodes()));
                throw new ShardUnavailableException(shard, "is not held here", null);
              }
              return new AwaitResponse(true, List.of());
            });
    applied.requireApplied(List.of(receipt(0, 5, 3)), TIMEOUT);
    assertThat(asked)
        .containsExactly(
            "http://n0:80 default-users-2/0 [0@5]", "http://n1:80 default-users-2/3 [0@5]");
  }

  @Test
  void what_is_not_applied_in_time_is_told_with_the_reason() {
    AppliedChanges applied =
        applied(
            (shard, request) -> {
              throw new ShardUnavailableException(shard, "connection refused", null);
            });
    assertThatThrownBy(
            () -> applied.requireApplied(List.of(receipt(0, 5, 3)), Duration.ofMillis(50)))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.WRITE_NOT_APPLIED))
        .hasMessageContaining("The write at default-users-2/0@5 was acknowledged but not applied")
        .hasMessageContaining("http://n0:80")
        .hasMessageEndingWith("connection refused");
  }

  @Test
  void a_shard_that_has_stopped_is_told_at_once() {
    AppliedChanges applied =
        applied(
            (shard, request) -> {
              throw new ShardstreamException(ErrorCode.SHARD_FAILED, "x/0", "disk full");
            });
    assertThatThrownBy(() -> applied.requireApplied(List.of(receipt(0, 5, 3)), TIMEOUT))
        .hasMessage("Shard x/0 has stopped: disk full");
  }

  @Test
  void who_waits_when_the_client_is_closed_is_told_though_its_shard_was_not_asked_yet() {
    ExecutorService one = Executors.newFixedThreadPool(1, DaemonThreads.named("one"));
    CountDownLatch release = new CountDownLatch(1);
    AppliedChanges applied =
        applied(
            (shard, request) -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new ShardUnavailableException(shard, "interrupted", e);
              }
              return new AwaitResponse(true, List.of());
            },
            one);
    List<Receipt> receipts = List.of(receipt(0, 5, 3), receipt(15, 9, 255));
    try {
      CompletableFuture<?> waiting =
          CompletableFuture.runAsync(() -> applied.requireApplied(receipts.subList(0, 1), TIMEOUT));
      Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(asked).hasSize(1));
      CompletableFuture<?> behind =
          CompletableFuture.runAsync(() -> applied.requireApplied(receipts.subList(1, 2), TIMEOUT));
      Awaitility.await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(((ThreadPoolExecutor) one).getQueue()).hasSize(1));

      AppliedChanges.end(one);

      assertThat(waiting)
          .failsWithin(TIMEOUT)
          .withThrowableThat()
          .havingCause()
          .withMessageContaining("0@5 was acknowledged, and the client was closed before");
      assertThat(behind)
          .failsWithin(TIMEOUT)
          .withThrowableThat()
          .havingCause()
          .withMessageContaining("15@9 was acknowledged, and the client was closed before");
    } finally {
      release.countDown();
      one.shutdown();
    }
  }

  private static Receipt receipt(int partition, long offset, int virtualShard) {
    return new Receipt(USERS, partition, offset, RowPlace.ofVirtualShard(virtualShard));
  }

  private AppliedChanges applied(BiFunction<ShardAddress, AwaitRequest, AwaitResponse> answer) {
    return applied(answer, Runnable::run);
  }

  private AppliedChanges applied(
      BiFunction<ShardAddress, AwaitRequest, AwaitResponse> answer, Executor executor) {
    ShardClient client =
        new ShardClient() {
          @Override
          public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
            throw new IllegalStateException("Nobody queries here");
          }

          @Override
          public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
            List<Position> changes = request.changes();
            asked.add(shard.endpoint() + " " + shard.shardName() + " " + changes);
            return answer.apply(shard, request);
          }

          @Override
          public void close() {}
        };
    return new AppliedChanges(metadata, new Holders(client, Duration.ofSeconds(30)), executor);
  }
}
