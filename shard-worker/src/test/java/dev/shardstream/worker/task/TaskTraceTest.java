package dev.shardstream.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Whoever a task is for is named by its answers and its log lines, whichever thread they are of.
 */
class TaskTraceTest {
  private static final TraceContext FIRST = TraceContext.of("first");
  private static final TraceContext SECOND =
      new TraceContext(
          "second", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1");

  /** What a node logs, as a line and its fields. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<Map.Entry<String, Map<String, String>>> lines = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(Map.entry(event.getFormattedMessage(), event.getMDCPropertyMap()));
    }

    private Set<Map<String, String>> fieldsOf(String beginning) {
      return lines.stream()
          .filter(line -> line.getKey().startsWith(beginning))
          .map(Map.Entry::getValue)
          .collect(Collectors.toSet());
    }
  }

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private final Logger worker = (Logger) LoggerFactory.getLogger("dev.shardstream.worker");
  private final Level before = worker.getLevel();
  private final Lines lines = new Lines();
  private TestTasks tasks;

  @BeforeEach
  void open() throws Exception {
    worker.setLevel(Level.INFO);
    lines.setContext(worker.getLoggerContext());
    lines.start();
    worker.addAppender(lines);
    tasks = TestTasks.open(directory, log);
    tasks.source();
  }

  @AfterEach
  void close() throws Exception {
    tasks.close();
    worker.detachAppender(lines);
    worker.setLevel(before);
  }

  private void give(TraceContext trace, String taskId, Object work) {
    TraceScope.none().with(trace).run(() -> tasks.give(taskId, 1, work));
  }

  /** For whom the answers to a task were sent. */
  private Set<TraceContext> answeredFor(String taskId) {
    return tasks.producer().history().stream()
        .filter(answer -> answer.value().getTaskId().equals(taskId))
        .map(TaskTraceTest::context)
        .collect(Collectors.toSet());
  }

  private static TraceContext context(ProducerRecord<String, TaskEvent> record) {
    return TraceHeaders.read(record.headers()).orElseThrow();
  }

  private static Map<String, String> fields(String correlation, int shard) {
    String table = Orders.TABLE.getTableId();
    return Map.of("correlation", correlation, "shard", table + "/" + shard);
  }

  @Test
  void copies_and_digests_name_their_own_cause() {
    give(FIRST, "create-1", new CreateShard(1, Orders.TABLE, Orders.ALL, false, null, null));
    give(SECOND, "create-2", new CreateShard(2, Orders.TABLE, Orders.ALL, false, null, null));
    give(FIRST, "copy-1", TestTasks.copy(1, Orders.ALL));
    give(SECOND, "copy-2", TestTasks.copy(2, Orders.ALL));
    tasks.awaitDone("copy-1");
    tasks.awaitDone("copy-2");
    give(FIRST, "verify-1", new VerifyShard(1, "f", Orders.ALL, false));
    give(SECOND, "verify-2", new VerifyShard(2, "f", Orders.ALL, false));
    for (int partition = 0; partition < Orders.PARTITIONS; partition++) {
      log.fence(partition, "f");
    }
    await().until(() -> tasks.digestsOf("verify-1").size() == 256);
    await().until(() -> tasks.digestsOf("verify-2").size() == 256);

    for (String task : List.of("create", "copy", "verify")) {
      assertThat(answeredFor(task + "-1")).as(task).containsExactly(FIRST);
      assertThat(answeredFor(task + "-2")).as(task).containsExactly(SECOND);
      assertThat(lines.fieldsOf("task.taken task=" + task + "-1"))
          .containsExactly(fields("first", 1));
    }
    assertThat(lines.fieldsOf("copy.done shard=" + Orders.TABLE.getTableId() + "/1"))
        .containsExactly(fields("first", 1));
    assertThat(lines.fieldsOf("copy.done shard=" + Orders.TABLE.getTableId() + "/2"))
        .singleElement()
        .satisfies(
            fields ->
                assertThat(fields)
                    .containsAllEntriesOf(fields("second", 2))
                    .containsEntry("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"));
  }

  @Test
  void a_check_that_waits_for_its_place_in_the_log_remembers_its_cause() {
    Rule rule =
        new Rule(
            "n2", Orders.TABLE.getTableId(), RuleKind.NOT_NULL, List.of(2), "customer", true, true);
    List<Long> offsets = log.ends();
    give(SECOND, "check", new CheckRule(0, rule, offsets));
    log.rule(rule);
    await().until(() -> tasks.answers("check").contains(new TaskDone(null)));

    assertThat(answeredFor("check")).containsExactly(SECOND);
  }
}
