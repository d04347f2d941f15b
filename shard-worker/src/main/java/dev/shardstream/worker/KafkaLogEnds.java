package dev.shardstream.worker;

import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.worker.fresh.LogEnds;
import dev.shardstream.worker.fresh.LogPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the leaders of the partitions. What a consumer remembers of its last fetch would not do: it
 * may be as old as the process was frozen.
 *
 * @param admin stays the caller's
 * @param isolation of the reader whose end is asked for
 */
record KafkaLogEnds(Admin admin, Topics topics, IsolationLevel isolation) implements LogEnds {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(5);

  /** For readers of what is committed. */
  KafkaLogEnds(Admin admin, Topics topics) {
    this(admin, topics, IsolationLevel.READ_COMMITTED);
  }

  @Override
  public Map<LogPartition, CompletableFuture<Long>> ask(Set<LogPartition> partitions) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(inKafka(partition), OffsetSpec.latest()));
    ListOffsetsResult asked =
        admin.listOffsets(
            wanted, new ListOffsetsOptions(isolation).timeoutMs((int) ASK_LIMIT.toMillis()));
    Map<LogPartition, CompletableFuture<Long>> ends = new HashMap<>();
    partitions.forEach(
        partition ->
            ends.put(
                partition,
                asked
                    .partitionResult(inKafka(partition))
                    .toCompletionStage()
                    .thenApply(ListOffsetsResultInfo::offset)
                    .toCompletableFuture()));
    return ends;
  }

  private TopicPartition inKafka(LogPartition partition) {
    return new TopicPartition(topics.log(new TableId(partition.tableId())), partition.partition());
  }
}
