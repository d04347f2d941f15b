package dev.shardstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.worker.fresh.LogPartition;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class KafkaLogEndsTest {
  private static final LogPartition FIRST = new LogPartition("default-orders-1", 0);
  private static final LogPartition SECOND = new LogPartition("default-orders-1", 1);
  private static final TopicPartition FIRST_IN_KAFKA =
      new TopicPartition("c.log.default-orders-1", 0);
  private static final TopicPartition SECOND_IN_KAFKA =
      new TopicPartition("c.log.default-orders-1", 1);

  private final KafkaFutureImpl<ListOffsetsResultInfo> first = new KafkaFutureImpl<>();
  private final KafkaFutureImpl<ListOffsetsResultInfo> second = new KafkaFutureImpl<>();

  private ListOffsetsResult asked(Object[] arguments) {
    assertThat(((Map<?, ?>) arguments[0]).keySet())
        .isEqualTo(Set.of(FIRST_IN_KAFKA, SECOND_IN_KAFKA));
    assertThat(((Map<?, ?>) arguments[0]).values())
        .allSatisfy(spec -> assertThat(spec).isInstanceOf(OffsetSpec.LatestSpec.class));
    assertThat(((ListOffsetsOptions) arguments[1]).isolationLevel())
        .isEqualTo(IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answers =
        Map.of(FIRST_IN_KAFKA, first, SECOND_IN_KAFKA, second);
    return new ListOffsetsResult(answers);
  }

  private Admin admin() {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, arguments) -> {
              assertThat(List.of(method.getName(), Arrays.asList(arguments).size()))
                  .isEqualTo(List.of("listOffsets", 2));
              return asked(arguments);
            });
  }

  @Test
  void each_partition_answers_on_its_own_what_a_read_committed_reader_can_reach() {
    Map<LogPartition, CompletableFuture<Long>> ends =
        new KafkaLogEnds(admin(), new Topics("c")).ask(Set.of(FIRST, SECOND));
    assertThat(ends.values()).noneMatch(CompletableFuture::isDone);
    first.complete(new ListOffsetsResultInfo(17, -1, Optional.empty()));
    assertThat(ends.get(FIRST)).isCompletedWithValue(17L);
    assertThat(ends.get(SECOND)).isNotDone();
    second.completeExceptionally(new LeaderNotAvailableException("away"));
    assertThatThrownBy(() -> ends.get(SECOND).join())
        .hasCauseInstanceOf(LeaderNotAvailableException.class);
  }
}
