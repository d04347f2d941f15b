package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.TableType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A long script of DDL by two producers over about twenty tables. Every event names those that have
 * to be there before it, so that the script means one catalog in whatever order it is delivered;
 * but for the listed races, in which both producers change the same version of a table.
 */
final class DdlScript {
  private static final int EVENTS = 1_000;
  private static final String NAMESPACE = "p0-0";

  /** The commands in the order in which their producers meant them. */
  final List<DdlCommand> commands = new ArrayList<>();

  /** Commands that race: which of them is refused depends on the order of delivery. */
  final Set<String> racing = new HashSet<>();

  private final Set<String> refused = new HashSet<>();
  private final Random random;
  private final List<ScriptTable> tables = new ArrayList<>();

  DdlScript(long seed) {
    random = new Random(seed);
    for (int i = 0; i < 10; i++) {
      tables.add(new ScriptTable("t" + i, TableType.REGULAR, null, null, random));
    }
    for (int i = 0; i < 5; i++) {
      tables.add(new ScriptTable("n" + i, TableType.NODE, null, null, random));
    }
    for (int i = 0; i < 5; i++) {
      ScriptTable from = tables.get(10 + random.nextInt(5));
      ScriptTable to = tables.get(10 + random.nextInt(5));
      tables.add(new ScriptTable("e" + i, TableType.EDGE, from, to, random));
    }
    commands.add(command(NAMESPACE, new CreateNamespace(false), Set.of(), null));
    ScriptTable always = new ScriptTable("always", TableType.REGULAR, null, null, random);
    add(always, always.create());
    while (commands.size() < EVENTS) {
      step(always);
    }
  }

  private void step(ScriptTable always) {
    ScriptTable table = tables.get(random.nextInt(tables.size()));
    int kind = random.nextInt(100);
    if (kind == 0) {
      namespace(always);
    } else if (!table.exists()) {
      begin(table);
    } else if (kind < 4) {
      race(table, table.addOwn("a" + commands.size()), table.addOwn("b" + commands.size()));
    } else if (kind < 6) {
      race(table, table.wrong());
    } else {
      add(table, table.next());
    }
  }

  /** It is there, and never empty. */
  private void namespace(ScriptTable always) {
    String id = id();
    if (random.nextBoolean()) {
      refused.add(id);
      commands.add(command(id, new DropNamespace(false), always.tails, null));
    } else {
      commands.add(command(id, new CreateNamespace(true), always.tails, null));
    }
  }

  /** Whether a command need not be applied when all is delivered in order. */
  boolean mayBeRefused(String id) {
    return racing.contains(id) || refused.contains(id);
  }

  private void begin(ScriptTable table) {
    if (!table.canBegin()) {
      return;
    }
    Set<String> dependsOn = new TreeSet<>(table.tails);
    String id = id();
    if (table.from != null && table.to != null) {
      dependsOn.addAll(table.from.tails);
      dependsOn.addAll(table.to.tails);
      table.from.tails.add(id);
      table.to.tails.add(id);
    }
    append(table, id, table.create(), dependsOn);
  }

  private void add(ScriptTable table, Object operation) {
    Set<String> dependsOn = new TreeSet<>(table.tails);
    if (random.nextInt(20) == 0) {
      dependsOn.addAll(tables.get(random.nextInt(tables.size())).tails);
    }
    String id = id();
    if (!table.exists() && table.from != null && table.to != null) {
      table.from.tails.add(id);
      table.to.tails.add(id);
    }
    append(table, id, operation, dependsOn);
  }

  private void append(ScriptTable table, String id, Object operation, Set<String> dependsOn) {
    table.tails.clear();
    table.tails.add(id);
    commands.add(command(id, operation, dependsOn, null));
  }

  /** Commands that nothing depends on, and that depend on nothing of each other. */
  private void race(ScriptTable table, Object... operations) {
    Integer expected = operations.length > 1 ? table.version : null;
    for (Object operation : operations) {
      String id = id();
      racing.add(id);
      commands.add(command(id, operation, table.tails, expected));
    }
  }

  private String id() {
    return "p" + (1 + random.nextInt(2)) + "-" + commands.size();
  }

  private static DdlCommand command(
      String id, Object operation, Set<String> dependsOn, Integer expectedVersion) {
    List<String> dependencies =
        id.equals(NAMESPACE)
            ? List.of()
            : dependsOn.isEmpty() ? List.of(NAMESPACE) : List.copyOf(dependsOn);
    return new DdlCommand(id, "shop", dependencies, expectedVersion, id.substring(0, 2), operation);
  }
}
