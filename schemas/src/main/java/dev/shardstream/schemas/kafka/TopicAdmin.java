package dev.shardstream.schemas.kafka;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Creates, cuts and deletes topics, each call safe to repeat. */
public final class TopicAdmin {
  private static final long TIMEOUT_SECONDS = 30;
  private static final long LEADER_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

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
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!haveLeaders(ends, deadline)) {
      LockSupport.parkNanos(LEADER_LOOK_NANOS);
    }
  }

  /**
   * The answer to a creation may overtake the news of it: a broker that has not heard of the topic
   * yet says that there is none.
   */
  private boolean haveLeaders(Map<TopicPartition, OffsetSpec> ends, long deadline) {
    ListOffsetsResult reached = admin.listOffsets(ends);
    Class<? extends Exception> expected =
        System.nanoTime() < deadline ? UnknownTopicOrPartitionException.class : null;
    return ends.keySet().stream()
        .allMatch(
            partition ->
                await(
                    "wait for the leaders of",
                    partition.topic(),
                    reached.partitionResult(partition),
                    expected));
  }

  /** Deletes a topic; no effect when there is none. */
  public void delete(String name) {
    await(
        "delete",
        name,
        admin.deleteTopics(List.of(name)).all(),
        UnknownTopicOrPartitionException.class);
  }

  /** By partition, the first offset that a topic holds. */
  public SortedMap<Integer, Long> starts(String name) {
    TopicDescription topic =
        get("describe", name, admin.describeTopics(List.of(name)).topicNameValues().get(name));
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    topic
        .partitions()
        .forEach(p -> asked.put(new TopicPartition(name, p.partition()), OffsetSpec.earliest()));
    SortedMap<Integer, Long> starts = new TreeMap<>();
    get("look where it begins", name, admin.listOffsets(asked).all())
        .forEach((partition, found) -> starts.put(partition.partition(), found.offset()));
    return starts;
  }

  /**
   * Deletes the records of a topic that stand before some offsets, for good.
   *
   * @param starts by partition, the first offset that is kept; not beyond its end
   */
  public void cut(String name, Map<Integer, Long> starts) {
    Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
    starts.forEach(
        (partition, start) ->
            before.put(new TopicPartition(name, partition), RecordsToDelete.beforeOffset(start)));
    get("cut", name, admin.deleteRecords(before).all());
  }

  /**
   * Whether Kafka refuses what was asked until somebody changes its ACLs, its policies or our
   * configuration. A replication factor that cannot be had is none of these: brokers that are not
   * up yet are missing too. Nor is a login that fails: it says nothing about this topic.
   *
   * @param failure what a call of this class threw
   */
  public static boolean isRefusal(ShardstreamException failure) {
    Throwable reason = reason(failure);
    return reason instanceof AuthorizationException
        || reason instanceof PolicyViolationException
        || reason instanceof InvalidTopicException
        || reason instanceof InvalidPartitionsException
        // Not its subclasses: among them is what passes.
        || reason != null && reason.getClass() == InvalidConfigurationException.class;
  }

  /**
   * @param expected an error that the caller can go on with; null for none
   * @return whether there was no error
   */
  private static boolean await(
      String what,
      String topic,
      KafkaFuture<?> done,
      @Nullable Class<? extends Exception> expected) {
    try {
      get(what, topic, done);
      return true;
    } catch (ShardstreamException failure) {
      if (expected == null || !expected.isInstance(reason(failure))) {
        throw failure;
      }
      return false;
    }
  }

  private static @Nullable Throwable reason(ShardstreamException failure) {
    return failure.getCause() instanceof ExecutionException e ? e.getCause() : null;
  }

  private static <T> T get(String what, String topic, KafkaFuture<T> done) {
    try {
      return done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw failed(what, topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(what, topic, e);
    }
  }

  private static ShardstreamException failed(String what, String topic, Exception cause) {
    return new ShardstreamException(
            ErrorCode.WRITE_FAILED, topic, "cannot " + what + " it: " + why(cause))
        .causedBy(cause);
  }

  private static String why(Exception cause) {
    return cause instanceof TimeoutException
        ? "no answer within " + TIMEOUT_SECONDS + " s"
        : String.valueOf(cause.getMessage());
  }
}
