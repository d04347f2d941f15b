package dev.shardstream.streams.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.CreateLog;
import dev.shardstream.schemas.event.DeleteLog;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.RegisterSchema;
import dev.shardstream.schemas.event.SchemaRegistered;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.kafka.TopicAdmin;
import dev.shardstream.schemas.row.RowSchema;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.streams.coordinator.TestTables;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DeleteTopicsResult;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the provisioner answers when Kafka or the registry does it, refuses it or is not there. */
class WorkTest {
  private static final Table TABLE = TestTables.active("shop-orders-1", "orders");

  private final FakeRegistry registry = new FakeRegistry();
  private final Topics topics = new Topics("test");

  private static final class FakeRegistry implements Registry {
    private final List<String> registered = new ArrayList<>();
    private @Nullable ShardstreamException failure;

    @Override
    public int register(String subject, Schema schema) {
      if (failure != null) {
        throw failure;
      }
      registered.add(subject + " " + schema);
      return registered.size();
    }

    @Override
    public Optional<Schema> byId(int id) {
      return Optional.empty();
    }

    @Override
    public void requireBackwardCompatibility(String subject) {}

    @Override
    public void deleteSubject(String subject) {}

    @Override
    public void close() {}
  }

  private Object done(Object work) throws InterruptedException {
    return done(
        work,
        method -> {
          throw new ShardstreamException(ErrorCode.KAFKA_UNREACHABLE, "nowhere", 1);
        });
  }

  /** What comes of it when Kafka answers every creation and deletion of a topic so. */
  private TaskFailed refused(Object work, Exception answer) throws InterruptedException {
    KafkaFutureImpl<Object> refusal = new KafkaFutureImpl<>();
    refusal.completeExceptionally(answer);
    return (TaskFailed)
        done(work, method -> method.equals("createTopics") ? created(refusal) : deleted(refusal));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private CreateTopicsResult created(KafkaFuture answer) {
    String log = topics.log(new TableId(TABLE.getTableId()));
    return new CreateTopicsResult(Map.of(log, answer)) {};
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private DeleteTopicsResult deleted(KafkaFuture answer) {
    String log = topics.log(new TableId(TABLE.getTableId()));
    return new DeleteTopicsResult(null, Map.of(log, answer)) {};
  }

  private Object done(Object work, Function<String, Object> answers) throws InterruptedException {
    Admin kafka =
        (Admin)
            Proxy.newProxyInstance(
                Admin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> answers.apply(method.getName()));
    try (ControlRecordWriter records =
        new ControlRecordWriter(
            () -> {
              throw new AssertionError("no control record is written here");
            },
            registry,
            topics)) {
      Logs logs = new Logs(topics, new TopicAdmin(kafka, (short) 1), registry);
      return new Work(logs, records)
          .done(new ProvisionTask("t", 1, "shop", TABLE.getTableId(), 0L, work), transaction -> {});
    }
  }

  @Test
  void a_version_is_registered_under_the_subject_of_the_log() throws InterruptedException {
    assertThat(done(new RegisterSchema(TABLE))).isEqualTo(new SchemaRegistered(1));
    assertThat(registry.registered)
        .containsExactly("test.log.shop-orders-1-value " + RowSchema.of(TABLE));
  }

  @Test
  void a_version_that_the_registry_refuses_or_cannot_take_is_not_tried_again()
      throws InterruptedException {
    registry.failure = new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "incompatible");
    assertThat(done(new RegisterSchema(TABLE)))
        .isEqualTo(new TaskFailed("INVALID_ARGUMENT", "Invalid argument: incompatible", false));

    registry.failure = new ShardstreamException(ErrorCode.REGISTRY_UNREACHABLE, "http://r", 30);
    assertThat(done(new RegisterSchema(TABLE)))
        .isEqualTo(
            new TaskFailed(
                "REGISTRY_UNREACHABLE",
                "Schema registry is not reachable at http://r (waited 30 s): check the address and"
                    + " the registry",
                false));
  }

  @Test
  void a_log_is_tried_again_when_kafka_is_not_there() throws InterruptedException {
    assertThat(((TaskFailed) done(new CreateLog(TABLE))).getRetriable()).isTrue();
  }

  @Test
  void a_log_that_kafka_refuses_for_good_is_not_tried_again() throws InterruptedException {
    for (Exception refusal :
        List.of(
            new TopicAuthorizationException("not you"),
            new ClusterAuthorizationException("not you"),
            new PolicyViolationException("too many partitions"),
            new InvalidConfigurationException("no such setting"))) {
      TaskFailed failed = refused(new CreateLog(TABLE), refusal);
      assertThat(failed.getRetriable()).as(failed.getMessage()).isFalse();
      assertThat(failed.getMessage())
          .startsWith("Could not write to topic test.log.shop-orders-1: cannot create it: ")
          .endsWith(refusal.getMessage());
    }
  }

  @Test
  void brokers_that_may_still_be_starting_are_waited_for_and_so_is_a_login()
      throws InterruptedException {
    for (Exception passing :
        List.of(
            new InvalidReplicationFactorException("replication factor 3 of 1 broker"),
            new SaslAuthenticationException("wrong password"))) {
      TaskFailed failed = refused(new CreateLog(TABLE), passing);
      assertThat(failed.getRetriable()).as(failed.getMessage()).isTrue();
      assertThat(failed.getMessage()).endsWith(passing.getMessage());
    }
  }

  @Test
  void a_log_that_may_not_be_deleted_is_tried_again() throws InterruptedException {
    TaskFailed failed = refused(new DeleteLog(4), new TopicAuthorizationException("not you"));
    assertThat(failed.getRetriable()).isTrue();
    assertThat(failed.getMessage()).endsWith("not you");
  }
}
