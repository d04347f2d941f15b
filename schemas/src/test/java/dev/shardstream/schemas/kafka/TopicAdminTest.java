package dev.shardstream.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.Topics;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopicAdminTest {
  private static final Topics.Spec TOPIC = new Topics.Spec("t", 1, Map.of());

  private final Deque<Exception> refusals = new ArrayDeque<>();
  private final TopicAdmin topics = new TopicAdmin(broker(), (short) 1);

  /** A broker that creates every topic, and hears of it when its refusals are used up. */
  private Admin broker() {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "createTopics" -> new Created();
                  case "listOffsets" ->
                      new ListOffsetsResult(
                          Map.of(new TopicPartition("t", 0), answer(refusals.poll())));
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  private static KafkaFuture<ListOffsetsResultInfo> answer(@Nullable Exception refusal) {
    KafkaFutureImpl<ListOffsetsResultInfo> answer = new KafkaFutureImpl<>();
    if (refusal == null) {
      answer.complete(new ListOffsetsResultInfo(0, 0, Optional.empty()));
    } else {
      answer.completeExceptionally(refusal);
    }
    return answer;
  }

  private static final class Created extends CreateTopicsResult {
    Created() {
      super(Map.of("t", KafkaFuture.completedFuture(null)));
    }
  }

  @Test
  void a_creation_ends_when_the_broker_has_heard_of_the_topic() {
    refusals.add(new UnknownTopicOrPartitionException("not yet"));
    refusals.add(new UnknownTopicOrPartitionException("not yet"));

    topics.create(List.of(TOPIC));

    assertThat(refusals).isEmpty();
  }

  @Test
  void what_waiting_does_not_mend_is_an_error_at_once() {
    refusals.add(new ClusterAuthorizationException("not you"));

    assertThatThrownBy(() -> topics.create(List.of(TOPIC)))
        .hasMessage(
            "Could not write to topic t: cannot wait for the leaders of it: "
                + "org.apache.kafka.common.errors.ClusterAuthorizationException: not you");
  }
}
