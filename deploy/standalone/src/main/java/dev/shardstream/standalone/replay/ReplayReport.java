package dev.shardstream.standalone.replay;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.replay.CatalogDiff;
import dev.shardstream.streams.replay.ReplayedCatalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a replay says.
 *
 * @param lines for the user
 * @param differences how many there are between the replayed and the live catalog
 */
record ReplayReport(List<String> lines, int differences) {

  /** The catalog that follows from commands. */
  static ReplayReport of(List<LoggedCommand> commands, long now) {
    ReplayedCatalog replayed = replay(commands, Map.of(), now);
    List<String> lines = new ArrayList<>();
    replayed.namespaces().forEach(name -> lines.add("namespace " + name));
    replayed.tables().forEach(table -> lines.add(line(table)));
    for (LoggedCommand logged : commands) {
      DdlResult result = replayed.results().get(logged.command().getId());
      if (result != null && result.getStatus() != DdlStatus.APPLIED) {
        lines.add(
            "command %s: %s, %s"
                .formatted(name(logged.command()), outcome(result), result.getMessage()));
      }
    }
    lines.add("replayed " + counts(commands, replayed));
    return new ReplayReport(lines, 0);
  }

  private static String line(Table table) {
    return "table %s/%s '%s': version %d, %d columns, %d indexes"
        .formatted(
            table.getDatabase(),
            table.getTableId(),
            table.getName(),
            table.getSchemaVersion(),
            table.getColumns().size(),
            table.getIndexes().size());
  }

  /**
   * What tells the catalog that follows from commands from the live one.
   *
   * @param timed whether the commands come with the times of their records; without, the times at
   *     which tables were created are not compared
   * @param now milliseconds since the epoch
   */
  static ReplayReport diff(
      List<LoggedCommand> commands, LiveCatalog live, boolean timed, long now) {
    Map<String, String> refusals = live.refusals();
    ReplayedCatalog replayed = replay(commands, refusals, now);
    List<String> found = new ArrayList<>();
    namespaces(found, replayed.namespaces(), live.namespaces());
    CatalogDiff.between(
            timed ? replayed.tables() : timeless(replayed.tables()),
            timed ? live.tables() : timeless(live.tables()))
        .forEach(difference -> found.add("table " + difference));
    Map<String, DdlCommand> byId = new LinkedHashMap<>();
    commands.forEach(logged -> byId.putIfAbsent(logged.command().getId(), logged.command()));
    outcomes(found, byId.values(), refusals, replayed.results(), live.results());

    List<String> lines = new ArrayList<>();
    lines.addAll(found);
    lines.addAll(notes(byId.values(), refusals, live.results()));
    lines.add(
        "replayed %s; %s"
            .formatted(
                counts(commands, replayed),
                found.isEmpty() ? "no difference" : found.size() + " differences"));
    return new ReplayReport(lines, found.size());
  }

  private static ReplayedCatalog replay(
      List<LoggedCommand> commands, Map<String, String> refusals, long now) {
    ReplayedCatalog replayed = new ReplayedCatalog(refusals);
    commands.forEach(logged -> replayed.receive(logged.key(), logged.command(), logged.at()));
    replayed.finish(now);
    return replayed;
  }

  private static List<Table> timeless(List<Table> tables) {
    return tables.stream().map(t -> Table.newBuilder(t).setCreatedAt(0).build()).toList();
  }

  private static void namespaces(
      List<String> found, SortedSet<String> replayed, SortedSet<String> live) {
    SortedSet<String> all = new TreeSet<>(replayed);
    all.addAll(live);
    for (String name : all) {
      if (replayed.contains(name) != live.contains(name)) {
        found.add(
            "namespace %s: only %s".formatted(name, live.contains(name) ? "live" : "replayed"));
      }
    }
  }

  private static void outcomes(
      List<String> found,
      Collection<DdlCommand> commands,
      Map<String, String> refusals,
      Map<String, DdlResult> replayed,
      Map<String, DdlResult> live) {
    for (DdlCommand command : commands) {
      DdlResult one = replayed.get(command.getId());
      DdlResult other = live.get(command.getId());
      boolean comparable =
          one != null && other != null && isLast(other) && !refusals.containsKey(command.getId());
      if (comparable && !outcome(one).equals(outcome(other))) {
        found.add(
            "command %s: replayed %s, live %s"
                .formatted(name(command), outcome(one), outcome(other)));
      }
    }
  }

  private static List<String> notes(
      Collection<DdlCommand> commands, Map<String, String> refusals, Map<String, DdlResult> live) {
    List<String> notes = new ArrayList<>();
    int forgotten = 0;
    for (DdlCommand command : commands) {
      DdlResult result = live.get(command.getId());
      String code = refusals.get(command.getId());
      if (code != null) {
        notes.add(
            "note: command %s: refused by the cluster as it was then (%s), not by the commands"
                .formatted(name(command), code));
      } else if (result == null) {
        forgotten++;
      } else if (!isLast(result)) {
        notes.add(
            "note: command %s is under way (%s): run this again when it is done"
                .formatted(name(command), outcome(result)));
      }
    }
    if (forgotten > 0) {
      notes.add(
          "note: %d commands have no result any more: whether the cluster refused one of them is not known"
              .formatted(forgotten));
    }
    return notes;
  }

  private static boolean isLast(DdlResult result) {
    return result.getStatus() == DdlStatus.APPLIED || result.getStatus() == DdlStatus.REJECTED;
  }

  private static String outcome(DdlResult result) {
    return result.getCode() == null
        ? result.getStatus().name()
        : result.getStatus() + " " + result.getCode();
  }

  private static String name(DdlCommand command) {
    String table = Operations.table(command.getOperation()).map(t -> " " + t).orElse("");
    return command.getId() + " (" + Operations.name(command.getOperation()) + table + ")";
  }

  private static String counts(List<LoggedCommand> commands, ReplayedCatalog replayed) {
    return "%d commands: %d tables, %d namespaces"
        .formatted(commands.size(), replayed.tables().size(), replayed.namespaces().size());
  }
}
