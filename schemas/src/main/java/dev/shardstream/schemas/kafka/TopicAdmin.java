package dev.shardstream.schemas.kafka;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Creates and deletes topics, each call safe to repeat. */
public final class TopicAdmin {
  private static final long TIMEOUT_SECONDS = 30;

  private final Admin admin;
  private final short replication;

  /**
   * @param admin stays the caller's
   * @param replication replication factor, -1 for the broker's default
   */
  public TopicAdmin(Admin admin, short replication) {
    this.admin = admin;
    this.replication = replication;
  }

  /**
   * Creates the topics that are missing, all with the configuration of their spec, and returns when
   * every partition can be written.
   */
  public void create(Collection<Topics.Spec> specs) {
    admin
        .createTopics(specs.stream().map(this::topic).toList())
        .values()
        .forEach((name, created) -> await("create", name, created, TopicExistsException.class));
    awaitLeaders(specs);
  }

  private NewTopic topic(Topics.Spec spec) {
    return new NewTopic(
            spec.name(),
            Optional.of(spec.partitions()),
            replication < 1 ? Optional.empty() : Optional.of(replication))
        .configs(spec.config());
  }

  /**
   * A broker announces a partition before it takes records for it. An idempotent producer with
   * several requests in flight must not meet that moment: its first batch fails, a later one
   * becomes the first that the partition sees, and the first is out of sequence from then on.
   */
  private void awaitLeaders(Collection<Topics.Spec> specs) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (Topics.Spec spec : specs) {
      for (int partition = 0; partition < spec.partitions(); partition++) {
        ends.put(new TopicPartition(spec.name(), partition), OffsetSpec.latest());
      }
    }
    ListOffsetsResult reached = admin.listOffsets(ends);
    for (TopicPartition partition : ends.keySet()) {
      await("wait for the leaders of", partition.topic(), reached.partitionResult(partition), null);
    }
  }

  /** Deletes a topic; no effect when there is none. */
  public void delete(String name) {
    await(
        "delete",
        name,
        admin.deleteTopics(List.of(name)).all(),
        UnknownTopicOrPartitionException.class);
  }

  /**
   * @param asGood an error after which the topic is as it should be; null for none
   */
  private static void await(
      String what, String topic, KafkaFuture<?> done, @Nullable Class<? extends Exception> asGood) {
    try {
      done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (asGood == null || !asGood.isInstance(e.getCause())) {
        throw failed(what, topic, e);
      }
    } catch (TimeoutException e) {
      throw failed(what, topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(what, topic, e);
    }
  }

  private static ShardstreamException failed(String what, String topic, Exception cause) {
    return new ShardstreamException(
            ErrorCode.WRITE_FAILED, topic, "cannot " + what + " it: " + cause.getMessage())
        .causedBy(cause);
  }
}
