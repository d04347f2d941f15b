package dev.shardstream.systemtests.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.write.ChangeLog;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.Reshards;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A table is altered eight times while writers of four versions write and while it is resharded.
 * Copying is slowed down so that the changes fall into every phase.
 */
class EightAltersIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final long SEED = 8;
  private static final int ROWS = 6_000;

  @Test
  void every_row_is_the_models_whoever_wrote_it() throws Exception {
    Shardstream client = CLUSTER.client();
    ClientConfig config = ClientConfig.of(CLUSTER.clientSettings());
    People people = new People();
    List<VersionedWriter> writers = new ArrayList<>();
    try (Registry registry = ConfluentRegistry.connect(config.registryUrl(), Patience.ONE_STEP);
        ChangeLog log = new ChangeLog(config, new KafkaClients(config), registry, new Session())) {
      client.execute(People.createTable(4));
      RowWriter current = client.writer("people");
      load(current, people);
      writers.add(writer(current, log, people));
      alter(client, 0);
      writers.add(writer(current, log, people));
      Reshards reshards = new Reshards(client);
      ReshardInfo reshard = reshards.start("people", 8, Reshards.SLOWLY);
      reshards.awaitPhase(reshard, "copying");
      alter(client, 1);
      alter(client, 2);
      writers.add(writer(current, log, people));
      alter(client, 3);
      assertThat(reshards.now(reshard).status())
          .as("alters fall into copying")
          .isEqualTo("copying");
      reshards.hurry(reshard);
      reshards.awaitPhase(reshard, "replaying");
      alter(client, 4);
      writers.add(writer(current, log, people));
      alter(client, 5);
      alter(client, 6);
      alter(client, 7);
      ReshardInfo ended = reshards.completed(reshard);

      writers.forEach(VersionedWriter::close);

      List<Receipt> written = writers.stream().flatMap(w -> w.receipts().stream()).toList();
      assertThat(writers.stream().flatMap(w -> w.failures().stream())).isEmpty();
      assertThat(written).hasSizeGreaterThan(1000);
      assertThat(current.rejections(written)).isEmpty();
      assertThat(ended.digestsCompared()).isEqualTo(256);
      assertThat(rows(client, "SELECT id, full_name, age, city, note FROM persons ORDER BY id"))
          .isEqualTo(people.rows());
      assertThat(history(client)).isEqualTo(People.HISTORY);
      client.execute("DROP TABLE persons");
    }
  }

  private static void load(RowWriter writer, People people) {
    Random random = new Random(SEED);
    List<Receipt> receipts =
        LongStream.range(0, ROWS)
            .mapToObj(id -> People.whole(1, id, random))
            .map(
                write -> {
                  people.put(write.row());
                  return writer.insert(write.columns(), write.values());
                })
            .toList()
            .stream()
            .map(java.util.concurrent.CompletableFuture::join)
            .toList();
    writer.awaitApplied(receipts);
  }

  /** Loaded keys are dealt to the writers by version, so that each key has one writer. */
  private static VersionedWriter writer(RowWriter current, ChangeLog log, People people) {
    int version = current.table().getSchemaVersion();
    List<Long> own =
        LongStream.range(0, ROWS / 2).filter(id -> id % 10 == version).boxed().toList();
    return VersionedWriter.start(current.table(), log, people, own, SEED);
  }

  private static void alter(Shardstream client, int number) {
    client.execute(People.ALTERATIONS.get(number));
  }

  private static List<List<Object>> history(Shardstream client) {
    return client.execute("DESCRIBE persons HISTORY").rows().stream()
        .map(row -> List.of(required(row.get(0)), required(row.get(2)), required(row.get(3))))
        .toList();
  }

  private static Object required(@Nullable Object value) {
    return java.util.Objects.requireNonNull(value);
  }

  private static List<List<@Nullable Object>> rows(Shardstream client, String sql) {
    return client.execute(sql).rows();
  }
}
