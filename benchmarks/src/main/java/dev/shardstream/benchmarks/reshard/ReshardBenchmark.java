package dev.shardstream.benchmarks.reshard;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.query.RowSink;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.cluster.ClusterOptions;
import dev.shardstream.standalone.workload.Orders;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a table takes from one shard count to another, and what memory the workers need. */
@Command(
    name = "benchmarks/reshard",
    mixinStandardHelpOptions = true,
    description =
        "Load a table of TPC-H orders and reshard it through a list of shard counts: seconds by"
            + " phase, rows per second, the workers' peak of resident memory, and whether every row"
            + " is there afterwards.")
final class ReshardBenchmark implements Callable<Integer> {
  private static final String TABLE = "resharded";
  private static final int LOADED_AT_ONCE = 20_000;
  private static final Duration LIMIT = Duration.ofHours(1);

  @Option(names = "--shards", split = ",", description = "Shard counts, the first to load into.")
  private List<Integer> counts = List.of(1, 256, 1);

  @Option(names = "--rows", description = "Rows of the table.")
  private int rows = 1_000_000;

  @Option(names = "--nodes", description = "Number of workers.")
  private int nodes = 3;

  @Option(names = "--dir", description = "Where the cluster keeps its data.")
  private Path directory = Path.of("benchmarks/target/reshard");

  @Spec private @Nullable CommandSpec spec;

  private ReshardBenchmark() {}

  /** Runs it; the figures go to standard output. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ReshardBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.start(ClusterOptions.in(directory).withNodes(nodes));
        Shardstream client = Shardstream.connect(cluster.clientSettings())) {
      Content loaded = load(client);
      print("loaded %,d rows into %d shards", loaded.rows, counts.get(0));
      for (int shards : counts.subList(1, counts.size())) {
        reshard(cluster, client, shards);
        Content read = read(client);
        if (!read.equals(loaded)) {
          throw new IllegalStateException("The table holds " + read + ", not " + loaded);
        }
      }
      client.execute("DROP TABLE " + TABLE);
    }
    return 0;
  }

  /** An order-independent summary of rows. */
  private static final class Content implements RowSink {
    private long rows;
    private long hashes;

    @Override
    public void columns(List<String> names) {}

    @Override
    public void row(List<@Nullable Object> values) {
      rows++;
      hashes += 0x9E3779B97F4A7C15L * (values.hashCode() ^ (long) values.get(0).hashCode() << 32);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Content content && rows == content.rows && hashes == content.hashes;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(hashes);
    }

    @Override
    public String toString() {
      return rows + " rows with sum " + hashes;
    }
  }

  private Content load(Shardstream client) {
    client.execute("DROP TABLE IF EXISTS " + TABLE);
    client.execute(Orders.createTable(TABLE, counts.get(0)));
    RowWriter writer = client.writer(TABLE);
    Content content = new Content();
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (Iterator<List<Object>> all = Orders.rows(rows).iterator(); all.hasNext(); ) {
      List<Object> row = all.next();
      content.row(new ArrayList<>(row));
      sent.add(writer.insert(Orders.COLUMNS, row));
      if (sent.size() == LOADED_AT_ONCE || !all.hasNext()) {
        writer.awaitApplied(sent.stream().map(CompletableFuture::join).toList());
        sent.clear();
      }
    }
    return content;
  }

  private void reshard(Cluster cluster, Shardstream client, int shards) {
    try (PeakMemory memory = new PeakMemory(cluster.workers())) {
      ReshardInfo started = client.reshards().start(TABLE, shards);
      ReshardInfo ended = client.reshards().await(started.changeLogId(), LIMIT);
      if (!ended.status().equals("complete")) {
        throw new IllegalStateException("The reshard has not completed: " + ended);
      }
      long millis = ended.updatedAt() - ended.startedAt();
      print(
          "%d to %d shards: %.1f s (%s ms), %,d rows/s copied, peak MiB %s",
          ended.sourceShards(),
          ended.targetShards(),
          millis / 1e3,
          ended.phaseMillis(),
          ended.rowsCopied() * 1000 / Math.max(1, ended.phaseMillis().getOrDefault("copying", 1L)),
          memory.mebibytes());
    }
  }

  private static Content read(Shardstream client) {
    Content content = new Content();
    client.stream("SELECT * FROM " + TABLE, content);
    return content;
  }

  private void print(String format, Object... values) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf(format + "%n", values);
    out.flush();
  }
}
