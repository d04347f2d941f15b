package dev.shardstream.benchmarks.scan;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.query.RowSink;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.cluster.ClusterOptions;
import dev.shardstream.standalone.workload.Orders;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a table's BLOCK_SIZE changes a scan over all of its shards. */
@Command(
    name = "benchmarks/block-size",
    mixinStandardHelpOptions = true,
    description =
        "Read a table of TPC-H orders whole, with blocks of several sizes in turn (A B C A B C):"
            + " milliseconds to the first row and to the last one.")
final class BlockSizeBenchmark implements Callable<Integer> {
  private static final String TABLE = "scanned";

  @Option(names = "--sizes", split = ",", description = "Rows of a block.")
  private List<Integer> sizes = List.of(1, 500, 10_000);

  @Option(names = "--rows", description = "Rows of the table.")
  private int rows = 200_000;

  @Option(names = "--rounds", description = "How often each size has its turn.")
  private int rounds = 5;

  @Option(names = "--dir", description = "Where the cluster keeps its data.")
  private Path directory = Path.of("benchmarks/target/block-size");

  @Spec private @Nullable CommandSpec spec;

  /** Milliseconds of one scan. */
  private record Scan(double first, double last) {}

  private BlockSizeBenchmark() {}

  /** Runs it; the figures go to standard output. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BlockSizeBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.start(ClusterOptions.in(directory).withNodes(2));
        Shardstream client = Shardstream.connect(cluster.clientSettings())) {
      load(client);
      TreeMap<Integer, List<Scan>> scans = new TreeMap<>();
      for (int round = 0; round <= rounds; round++) {
        for (int size : sizes) {
          client.execute("ALTER TABLE " + TABLE + " MODIFY BLOCK_SIZE " + size);
          Scan scan = scan(client);
          // The first round warms up.
          if (round > 0) {
            scans.computeIfAbsent(size, s -> new ArrayList<>()).add(scan);
          }
        }
      }
      scans.forEach(this::print);
      client.execute("DROP TABLE " + TABLE);
    }
    return 0;
  }

  private void load(Shardstream client) {
    client.execute("DROP TABLE IF EXISTS " + TABLE);
    client.execute(Orders.createTable(TABLE, 4));
    RowWriter writer = client.writer(TABLE);
    List<CompletableFuture<Receipt>> sent =
        Orders.rows(rows).map(row -> writer.insert(Orders.COLUMNS, row)).toList();
    writer.awaitApplied(sent.stream().map(CompletableFuture::join).toList());
  }

  private Scan scan(Shardstream client) {
    long begin = System.nanoTime();
    Clock clock = new Clock(begin);
    client.stream("SELECT * FROM " + TABLE, clock);
    double last = (System.nanoTime() - begin) / 1e6;
    if (clock.rows != rows) {
      throw new IllegalStateException(clock.rows + " rows of " + rows);
    }
    return new Scan(clock.first, last);
  }

  private void print(int size, List<Scan> scans) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf(
        "block size %6d  first row ms: median %7.1f of %s  last row ms: median %8.1f of %s%n",
        size,
        median(scans.stream().map(Scan::first).toList()),
        listed(scans.stream().map(Scan::first).toList()),
        median(scans.stream().map(Scan::last).toList()),
        listed(scans.stream().map(Scan::last).toList()));
    out.flush();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String listed(List<Double> values) {
    return values.stream().map("%.0f"::formatted).collect(Collectors.joining(" "));
  }

  /** Notes when the first row comes, and counts. */
  private static final class Clock implements RowSink {
    private final long begin;
    private double first;
    private int rows;

    private Clock(long begin) {
      this.begin = begin;
    }

    @Override
    public void columns(List<String> names) {}

    @Override
    public void row(List<@Nullable Object> values) {
      if (rows++ == 0) {
        first = (System.nanoTime() - begin) / 1e6;
      }
    }
  }
}
