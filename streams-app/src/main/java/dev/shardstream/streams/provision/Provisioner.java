package dev.shardstream.streams.provision;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.WriteRule;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.kafka.TopicAdmin;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.trace.LogField;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.task.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code provision-tasks} and does them in order, in one thread. Its place in the topic is
 * committed after the answer is, so after a crash a task is done again rather than forgotten.
 */
public final class Provisioner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioner.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final int TASKS_AT_ONCE = 10;

  private final ControlPlaneConfig config;
  private final Registry registry;
  private final Events events;
  private final String incarnation;
  private final Clock clock;
  private final KafkaClients clients;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicBoolean working = new AtomicBoolean();

  /**
   * @param incarnation unique for this process
   */
  public Provisioner(
      ControlPlaneConfig config, Registry registry, String incarnation, Clock clock) {
    this.config = config;
    this.registry = registry;
    this.events = new Events(registry);
    this.incarnation = incarnation;
    this.clock = clock;
    this.clients = new KafkaClients(config);
    this.thread = new Thread(this::run, "provisioner");
  }

  public void start() {
    thread.start();
  }

  /** Whether it follows the topic; false while it reconnects and after its end. */
  public boolean isWorking() {
    return working.get() && thread.isAlive();
  }

  private void run() {
    try {
      while (stop.getCount() > 0) {
        try {
          follow();
        } catch (InterruptException | WakeupException stopped) {
          LOG.info("provisioner.stopping");
          return;
        } catch (RuntimeException e) {
          LOG.error("provisioner.failed restartMillis={}", PAUSE.toMillis(), e);
        }
        working.set(false);
        stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      working.set(false);
    }
  }

  private void follow() throws InterruptedException {
    Topics topics = config.topics();
    Deserializer<ProvisionTask> tasks = events.serde(ProvisionTask.class).deserializer();
    try (Consumer<String, byte[]> consumer = consumer();
        Producer<String, TaskEvent> answers =
            clients.producer(
                new StringSerializer(),
                events.serde(TaskEvent.class).serializer(),
                Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
        Admin admin = clients.admin();
        ControlRecordWriter records =
            new ControlRecordWriter(
                ControlRecordWriter.producers(clients, config.controlTransactionalId()),
                registry,
                topics)) {
      Work work =
          new Work(
              new Logs(topics, new TopicAdmin(admin, config.topicReplication()), registry),
              records);
      records.registerSchemas();
      consumer.subscribe(List.of(topics.provisionTasks()));
      while (stop.getCount() > 0) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (answer(record, tasks, work, claim(consumer, record), answers)) {
            consumer.commitSync(Map.of(partition(record), after(record)));
          }
        }
        consumer.commitSync();
        working.set(true);
      }
    }
  }

  private Consumer<String, byte[]> consumer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.provisionerGroup());
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, TASKS_AT_ONCE);
    settings.putAll(config.membership());
    return clients.consumer(new StringDeserializer(), new ByteArrayDeserializer(), settings);
  }

  /** Commits the place that the queue is at already: what counts is who may commit it. */
  private static ControlRecordWriter.Claim claim(
      Consumer<?, ?> consumer, ConsumerRecord<?, ?> record) {
    return transaction ->
        transaction.sendOffsetsToTransaction(
            Map.of(partition(record), new OffsetAndMetadata(record.offset())),
            consumer.groupMetadata());
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  private static OffsetAndMetadata after(ConsumerRecord<?, ?> record) {
    return new OffsetAndMetadata(record.offset() + 1);
  }

  /**
   * Does a task and answers.
   *
   * @return whether it must not be done again after a later one: the last of the records of a rule
   *     decides whether it holds, so the end of a rule that was done again would undo its next
   *     beginning
   */
  private boolean answer(
      ConsumerRecord<String, byte[]> record,
      Deserializer<ProvisionTask> tasks,
      Work work,
      ControlRecordWriter.Claim claim,
      Producer<String, TaskEvent> answers)
      throws InterruptedException {
    ProvisionTask task;
    try {
      task = tasks.deserialize(record.topic(), record.value());
    } catch (MalformedRecordException malformed) {
      LOG.error(
          "provision.malformed partition={} offset={} reason={}",
          record.partition(),
          record.offset(),
          malformed.getMessage());
      return false;
    }
    TraceScope.none()
        .with(TraceHeaders.read(record.headers()))
        .with(LogField.TABLE, task.getTableId())
        .run(() -> answer(task, work, claim, answers));
    return task.getTask() instanceof WriteRule;
  }

  private void answer(
      ProvisionTask task,
      Work work,
      ControlRecordWriter.Claim claim,
      Producer<String, TaskEvent> answers)
      throws InterruptedException {
    SpecificRecordBase outcome = work.done(task, claim);
    LOG.info(
        "provision.done task={} attempt={} outcome={}",
        task.getTaskId(),
        task.getAttempt(),
        outcome.getClass().getSimpleName());
    ProducerRecord<String, TaskEvent> answer =
        new ProducerRecord<>(
            config.topics().taskEvents(), task.getDatabase(), report(task, outcome));
    TraceHeaders.writeCurrent(answer.headers());
    answers.send(answer);
    answers.flush();
  }

  private TaskEvent report(ProvisionTask task, SpecificRecordBase outcome) {
    return new TaskEvent(
        task.getTaskId(),
        task.getAttempt(),
        Tasks.PROVISIONER,
        incarnation,
        task.getDatabase(),
        task.getTableId(),
        clock.millis(),
        outcome);
  }

  /** Ends the task at hand and stops. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(STOP_PATIENCE.toMillis());
      if (thread.isAlive()) {
        LOG.warn("provisioner.interrupted waitedMillis={}", STOP_PATIENCE.toMillis());
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
