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
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

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
    for (Topics.Spec spec : specs) {
      NewTopic topic =
          new NewTopic(
                  spec.name(),
                  Optional.of(spec.partitions()),
                  replication < 1 ? Optional.empty() : Optional.of(replication))
              .configs(spec.config());
      try {
        admin.createTopics(List.of(topic)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw failed("create", spec.name(), e);
        }
      } catch (TimeoutException e) {
        throw failed("create", spec.name(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed("create", spec.name(), e);
      }
    }
    specs.forEach(this::awaitLeaders);
  }

  /**
   * A broker announces a partition before it takes records for it. An idempotent producer with
   * several requests in flight must not meet that moment: its first batch fails, a later one
   * becomes the first that the partition sees, and the first is out of sequence from then on.
   */
  private void awaitLeaders(Topics.Spec spec) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < spec.partitions(); partition++) {
      ends.put(new TopicPartition(spec.name(), partition), OffsetSpec.latest());
    }
    try {
      admin.listOffsets(ends).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw failed("wait for the leaders of", spec.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("wait for the leaders of", spec.name(), e);
    }
  }

  /** Deletes a topic; no effect when there is none. */
  public void delete(String name) {
    try {
      admin.deleteTopics(List.of(name)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw failed("delete", name, e);
      }
    } catch (TimeoutException e) {
      throw failed("delete", name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("delete", name, e);
    }
  }

  private static ShardstreamException failed(String what, String topic, Exception cause) {
    return new ShardstreamException(
            ErrorCode.WRITE_FAILED, topic, "cannot " + what + " it: " + cause.getMessage())
        .causedBy(cause);
  }
}
