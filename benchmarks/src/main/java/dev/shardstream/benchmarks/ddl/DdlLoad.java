package dev.shardstream.benchmarks.ddl;

import dev.shardstream.benchmarks.ddl.DdlClient.Sent;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** The commands of the benchmark against one catalog of so many tables. */
final class DdlLoad implements AutoCloseable {
  /** So few that none waits for so long that it would be issued again. */
  private static final int FILLING_AT_ONCE = 50;

  private static final int SUSTAINED_AT_ONCE = 64;

  static {
    Events.trust(CreateTable.class);
  }

  /** What one phase gave: how many commands, in how long, and their latencies. */
  record Phase(int commands, Duration took, Latencies accepted, Latencies applied) {
    static Phase of(List<Sent> sent, long nanos) {
      return new Phase(
          sent.size(),
          Duration.ofNanos(nanos),
          Latencies.of(sent.stream().mapToLong(Sent::acceptedNanos).toArray()),
          Latencies.of(sent.stream().mapToLong(Sent::appliedNanos).toArray()));
    }

    double perSecond() {
      return commands / (took.toNanos() / 1e9);
    }
  }

  private final DdlClient client;
  private final int tables;
  private final Random random = new Random(1);
  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final Map<Integer, Integer> stepsOfTable = new HashMap<>();
  private int sequence;

  DdlLoad(DdlClient client, int tables) {
    this.client = client;
    this.tables = tables;
  }

  /** Creates the tables that are missing and says how long that took. */
  Phase fill() {
    return closedLoop(
        FILLING_AT_ONCE,
        new Supply() {
          private int next;

          @Override
          public boolean hasNext(long nanos) {
            return next < tables;
          }

          @Override
          public Object next() {
            return create("t" + next++, true);
          }
        });
  }

  /** Alters tables, one command after the other, each when the one before is applied. */
  Phase alterOneByOne(Duration duration) {
    return closedLoop(1, lasting(duration));
  }

  /** Alters tables with as many commands under way as a busy migration has. */
  Phase alterSustained(Duration duration) {
    return closedLoop(SUSTAINED_AT_ONCE, lasting(duration));
  }

  private Supply lasting(Duration duration) {
    return new Supply() {
      @Override
      public boolean hasNext(long nanos) {
        return nanos < duration.toNanos();
      }

      @Override
      public Object next() {
        return alter(random.nextInt(tables));
      }
    };
  }

  /** Creates a table, one after the other; each is dropped before the next, which is not timed. */
  Phase create(Duration duration) {
    List<Sent> created = new ArrayList<>();
    long spent = 0;
    while (spent < duration.toNanos()) {
      String name = "extra_" + run + "_" + sequence;
      long start = System.nanoTime();
      created.add(client.send(id(), create(name, false)).await());
      spent += System.nanoTime() - start;
      client.send(id(), new DropTable(name, false, false, null)).await();
    }
    return Phase.of(created, spent);
  }

  private interface Supply {
    boolean hasNext(long nanos);

    Object next();
  }

  private Phase closedLoop(int atOnce, Supply supply) {
    Deque<Sent> underWay = new ArrayDeque<>();
    List<Sent> done = new ArrayList<>();
    long start = System.nanoTime();
    while (supply.hasNext(System.nanoTime() - start)) {
      if (underWay.size() == atOnce) {
        done.add(underWay.poll().await());
      }
      underWay.add(client.send(id(), supply.next()));
    }
    underWay.forEach(sent -> done.add(sent.await()));
    return Phase.of(done, System.nanoTime() - start);
  }

  private String id() {
    return run + "-" + sequence++;
  }

  private static CreateTable create(String name, boolean ifNotExists) {
    return CreateTable.newBuilder()
        .setTable(name)
        .setIfNotExists(ifNotExists)
        .setColumns(List.of(column("id", TypeName.BIGINT), column("note", TypeName.TEXT)))
        .setPrimaryKey(List.of("id"))
        .setShards(1)
        .setPartitions(1)
        .setStrategy(Strategy.HASH)
        .setType(TableType.REGULAR)
        .build();
  }

  private static ColumnDefinition column(String name, TypeName type) {
    return ColumnDefinition.newBuilder().setName(name).setType(type).build();
  }

  /** Each table goes round: a column comes, gets a comment and another name, and goes. */
  private AlterTable alter(int table) {
    int step = stepsOfTable.merge(table, 1, Integer::sum) - 1;
    String column = "c_" + run;
    Object change =
        switch (step % 4) {
          case 0 -> new AddColumn(column(column, TypeName.INTEGER), false);
          case 1 -> new CommentOnColumn(column, "of the benchmark");
          case 2 -> new RenameColumn(column, column + "_", false);
          default -> new DropColumn(column + "_", false, false);
        };
    return new AlterTable("t" + table, false, change);
  }

  @Override
  public void close() {
    client.close();
  }
}
