package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A thousand dependent DDL events of two producers, shuffled, doubled and delayed, end in the same
 * catalog as when each is delivered once, in order, after the one before has come to its end. A
 * failure names its seed; {@code -Dseed=…} runs that one alone.
 */
class DdlOrderSimulationTest {
  private static final int SEEDS = 1_000;
  private static final long FIRST_SEED = 20_261_120;
  private static final int THREADS = 2;

  /** So many seeds in a row deliver one script, each in its own way. */
  private static final int DELIVERIES = 10;

  /** One seed in so many is also run at another pace, with restarts. */
  private static final int OTHER_PACE = 10;

  /** How a script ended: every table and its history by the command that created it. */
  private record End(
      Map<String, String> outcomes,
      Map<String, Table> tables,
      Map<String, String> normalised,
      Map<String, List<String>> histories) {}

  @Test
  void every_delivery_ends_in_the_catalog_of_the_ordered_one_or_in_listed_conflicts()
      throws Exception {
    AtomicLong conflicts = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (List<Long> seeds : seedsByScript()) {
        runs.add(threads.submit(() -> run(seeds, conflicts)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
    if (System.getProperty("seed") == null) {
      assertThat(conflicts.get()).as("listed conflicts, or nothing raced").isGreaterThan(SEEDS);
    }
  }

  private static Collection<List<Long>> seedsByScript() {
    String one = System.getProperty("seed");
    return one == null
        ? LongStream.range(0, SEEDS)
            .mapToObj(i -> FIRST_SEED + i)
            .collect(Collectors.groupingBy(DdlOrderSimulationTest::script, Collectors.toList()))
            .values()
        : List.of(List.of(Long.parseLong(one)));
  }

  private static long script(long seed) {
    return seed / DELIVERIES;
  }

  /** Delivers one script in as many ways as there are seeds. */
  private static void run(List<Long> seeds, AtomicLong conflicts) {
    long first = script(seeds.get(0));
    DdlScript script = new DdlScript(first);
    End ordered = inOrder(script, first);
    seeds.forEach(seed -> conflicts.addAndGet(run(seed, script, ordered)));
  }

  /** How many commands ended otherwise than in order. */
  private static int run(long seed, DdlScript script, End ordered) {
    try {
      List<Integer> deliveries = deliveries(script.commands, new Random(seed + 1));
      End shuffled = delivered(script, deliveries, new Random(seed + 2), 0);
      if (seed % OTHER_PACE == 0) {
        assertThat(delivered(script, deliveries, new Random(seed + 3), 3))
            .as("the same log at another pace")
            .isEqualTo(shuffled);
      }
      return compare(script, ordered, shuffled);
    } catch (Throwable failure) {
      throw new AssertionError("Seed " + seed + ": " + failure.getMessage(), failure);
    }
  }

  private static End inOrder(DdlScript script, long seed) {
    DdlWorld world = new DdlWorld(new Random(seed));
    for (int i = 0; i < script.commands.size(); i++) {
      world.deliver(script.commands.get(i), i);
      world.settle();
    }
    return end(world);
  }

  private static End delivered(
      DdlScript script, List<Integer> deliveries, Random random, int restarts) {
    DdlWorld world = new DdlWorld(random);
    int pace = 1 + random.nextInt(12);
    for (int index : deliveries) {
      world.deliver(script.commands.get(index), index);
      for (int i = random.nextInt(pace); i > 0; i--) {
        world.doOne();
      }
      if (random.nextInt(50) == 0) {
        world.tick();
      }
      if (random.nextInt(deliveries.size()) < restarts) {
        world.restart();
      }
    }
    world.settle();
    return end(world);
  }

  /** Each command once, twice or three times: anyhow, in about its order, or one producer late. */
  private static List<Integer> deliveries(List<DdlCommand> commands, Random random) {
    int mode = random.nextInt(3);
    int lag = random.nextInt(commands.size());
    TreeMap<Double, Integer> byTime = new TreeMap<>();
    for (int i = 0; i < commands.size(); i++) {
      for (int copies = 1 + random.nextInt(10) / 7; copies > 0; copies--) {
        boolean isLate = commands.get(i).getIssuedBy().equals("p2");
        double time =
            switch (mode) {
              case 0 -> random.nextDouble();
              case 1 -> i + random.nextDouble() * 60;
              default -> i + (isLate ? lag : 0) + random.nextDouble();
            };
        byTime.put(time, i);
        if (random.nextInt(20) == 0) {
          byTime.put(time + random.nextDouble() * commands.size(), i);
        }
      }
    }
    return List.copyOf(byTime.values());
  }

  private static End end(DdlWorld world) {
    assertThat(world.state().isInMotion()).as("in motion at the end").isFalse();
    Map<String, String> creators = new TreeMap<>();
    Map<String, List<String>> histories = new TreeMap<>();
    world
        .history()
        .forEach(
            (tableId, versions) -> {
              creators.put(tableId, versions.get(0).getCommandId());
              histories.put(versions.get(0).getCommandId(), history(versions));
            });
    Map<String, String> outcomes = new TreeMap<>();
    world.results().forEach((id, result) -> outcomes.put(id, outcome(result, creators)));
    Map<String, Table> tables = new TreeMap<>();
    Map<String, String> normalised = new TreeMap<>();
    for (Table table : world.state().tables()) {
      String creator = creators.get(table.getTableId());
      assertThat(histories.get(creator)).as(creator).hasSize(table.getSchemaVersion());
      tables.put(creator, table);
      normalised.put(creator, normalised(table, creators));
    }
    return new End(outcomes, tables, normalised, histories);
  }

  /** Versions without gaps, each with its command and its change. */
  private static List<String> history(List<SchemaVersion> versions) {
    List<String> history = new ArrayList<>();
    for (SchemaVersion version : versions) {
      assertThat(version.getVersion()).as("gapless").isEqualTo(history.size() + 1);
      history.add(version.getCommandId() + " " + version.getChange());
    }
    return history;
  }

  private static String outcome(DdlResult result, Map<String, String> creators) {
    assertThat(result.getStatus()).isIn(DdlStatus.APPLIED, DdlStatus.REJECTED);
    String table = result.getTableId() == null ? "" : " " + creators.get(result.getTableId());
    return result.getStatus() == DdlStatus.REJECTED
        ? "REJECTED " + result.getCode()
        : "APPLIED" + table;
  }

  /** The numbers in table ids follow the order of the log; the rest must not. */
  private static String normalised(Table table, Map<String, String> creators) {
    String text = table.toString();
    for (String id : new String[] {table.getTableId(), table.getFromTable(), table.getToTable()}) {
      if (id != null) {
        text = text.replace('"' + id + '"', creators.get(id));
      }
    }
    return text;
  }

  private static int compare(DdlScript script, End ordered, End shuffled) {
    Set<String> conflicts = new TreeSet<>();
    ordered
        .outcomes()
        .forEach(
            (id, outcome) -> {
              assertThat(outcome.startsWith("APPLIED") || script.mayBeRefused(id))
                  .as("the script makes sense: %s: %s", id, outcome)
                  .isTrue();
              if (!outcome.equals(shuffled.outcomes().get(id))) {
                assertThat(script.racing)
                    .as("%s: %s in order, %s here", id, outcome, shuffled.outcomes().get(id))
                    .contains(id);
                conflicts.add(id);
              }
            });
    assertThat(shuffled.outcomes().keySet()).isEqualTo(ordered.outcomes().keySet());
    assertThat(shuffled.tables().keySet()).isEqualTo(ordered.tables().keySet());
    Set<String> touched = touched(conflicts, ordered.histories());
    touched.addAll(touched(conflicts, shuffled.histories()));
    for (String creator : ordered.histories().keySet()) {
      if (!touched.contains(creator)) {
        assertThat(shuffled.histories().get(creator)).isEqualTo(ordered.histories().get(creator));
        assertThat(shuffled.normalised().get(creator)).isEqualTo(ordered.normalised().get(creator));
      } else if (ordered.tables().containsKey(creator)) {
        assertThat(withoutRaces(shuffled.tables().get(creator)))
            .isEqualTo(withoutRaces(ordered.tables().get(creator)));
      }
    }
    return conflicts.size();
  }

  /** Tables, by their creators, that one of some commands has changed. */
  private static Set<String> touched(Set<String> commands, Map<String, List<String>> histories) {
    Set<String> touched = new HashSet<>();
    histories.forEach(
        (creator, history) -> {
          if (history.stream().anyMatch(h -> commands.contains(h.substring(0, h.indexOf(' '))))) {
            touched.add(creator);
          }
        });
    return touched;
  }

  /** What a table is but for the columns that races have added, and the ids that follow. */
  private static List<String> withoutRaces(Table table) {
    List<String> parts = new ArrayList<>(List.of(table.getName(), "" + table.getComment()));
    for (Column column : table.getColumns()) {
      if (!column.getName().matches("[ab][0-9]+")) {
        parts.add(column.toString().replaceFirst("\\{\"id\": [0-9]+, ", ""));
      }
    }
    table.getIndexes().stream().map(Index::getName).forEach(parts::add);
    Collections.sort(parts);
    return parts;
  }
}
