package dev.shardstream.streams.replay;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The catalog that follows from commands alone: the coordinator of the control plane decides on
 * them in the order of the log, with the times of their records, in a world in which every task is
 * done at once.
 *
 * <pre>{@code
 * ReplayedCatalog replayed = new ReplayedCatalog(Map.of());
 * log.forEach(record -> replayed.receive(record.key(), record.value(), record.timestamp()));
 * replayed.finish(System.currentTimeMillis());
 * CatalogDiff.between(replayed.tables(), live);
 * }</pre>
 */
public final class ReplayedCatalog {
  private final Map<String, String> refusals;
  private final SortedMap<String, ReplayedDatabase> databases = new TreeMap<>();
  private final Map<String, DdlResult> results = new LinkedHashMap<>();

  /**
   * @param refusals code by id of the commands that the live cluster refused for a reason of its
   *     own, see {@link WorldRefusals}; they are refused here too
   */
  public ReplayedCatalog(Map<String, String> refusals) {
    this.refusals = Map.copyOf(refusals);
  }

  /**
   * Takes the next command of the log, and lets everything that follows from it happen.
   *
   * @param key key of its record: the database
   * @param at timestamp of its record, milliseconds since the epoch, not before the last one of
   *     this database
   */
  public void receive(String key, DdlCommand command, long at) {
    String code = refusals.get(command.getId());
    database(key).receive(IdealCommand.of(command, code), at);
  }

  private ReplayedDatabase database(String name) {
    return databases.computeIfAbsent(
        name,
        n ->
            new ReplayedDatabase(
                n, refusals, result -> results.put(result.getCommandId(), result)));
  }

  /**
   * Lets time pass after the last command, so that what waits in vain comes to its end.
   *
   * @param now milliseconds since the epoch
   */
  public void finish(long now) {
    databases.values().forEach(database -> database.pass(now));
  }

  /** The tables that users see, by database and table id. */
  public List<Table> tables() {
    return databases.values().stream()
        .flatMap(database -> database.state().tables().stream())
        .filter(table -> table.getStatus() != TableStatus.DROPPING)
        .sorted(Comparator.comparing(Table::getDatabase).thenComparing(Table::getTableId))
        .toList();
  }

  /** The namespaces that exist besides the one that always does. */
  public SortedSet<String> namespaces() {
    SortedSet<String> names = new TreeSet<>();
    databases
        .values()
        .forEach(
            database ->
                database.state().namespace().ifPresent(found -> names.add(found.getName())));
    return names;
  }

  /** The last result of each command, by its id. */
  public Map<String, DdlResult> results() {
    return Map.copyOf(results);
  }
}
