package dev.shardstream.streams.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.CreateLog;
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
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the provisioner answers when the registry takes a version, refuses it or is not there. */
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
    Admin nobody =
        (Admin)
            Proxy.newProxyInstance(
                Admin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> {
                  throw new ShardstreamException(ErrorCode.KAFKA_UNREACHABLE, "nowhere", 1);
                });
    try (ControlRecordWriter records =
        new ControlRecordWriter(
            () -> {
              throw new AssertionError("no control record is written here");
            },
            registry,
            topics)) {
      Logs logs = new Logs(topics, new TopicAdmin(nobody, (short) 1), registry);
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
}
