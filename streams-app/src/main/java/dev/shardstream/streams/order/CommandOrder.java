package dev.shardstream.streams.order;

import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished commands of a database: who waits for whom, and whom to look at again because that
 * may have changed. A command waits for every command before it that touches a common name and is
 * not settled; commands on the namespace itself hold up all of it.
 *
 * <p>Derived: the same commands with the same progress give the same order, in whatever order they
 * are put in. Nothing here costs more for many commands than for few, but for the logarithm.
 */
public final class CommandOrder {
  private record Known(DdlCommand command, CommandProgress progress, boolean accepted) {
    boolean isWaiting() {
      return progress.getStage() == CommandStage.WAITING;
    }

    /** Only a table that is being made holds others up when it is in the catalog already. */
    boolean isSettled() {
      return accepted && !(command.getOperation() instanceof CreateTable);
    }
  }

  /**
   * A command that comes first.
   *
   * @param id the command
   * @param where what both are about, like {@code on the same table}
   */
  public record Predecessor(String id, String where) {}

  private record Place(OrderKey key, boolean settled, Set<String> names) {}

  private final Predicate<String> isKnown;
  private final TouchedNames touched = new TouchedNames();
  private final Map<String, Known> unfinished = new HashMap<>();
  private final Map<String, Place> places = new HashMap<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final Map<String, Set<String>> dependents = new HashMap<>();
  private final Map<String, NavigableMap<OrderKey, String>> queues = new HashMap<>();
  private final NavigableMap<OrderKey, String> unsettled = new TreeMap<>();
  private final NavigableMap<OrderKey, String> ofNamespace = new TreeMap<>();
  private final NavigableMap<OrderKey, String> toLookAt = new TreeMap<>();
  private final Orphans orphans = new Orphans();
  private final Set<String> stalled = new TreeSet<>();

  /**
   * @param isKnown whether a command of that id has ever come
   */
  public CommandOrder(Predicate<String> isKnown) {
    this.isKnown = isKnown;
  }

  /**
   * Takes in where a command is.
   *
   * @param accepted whether its last result is that it was accepted
   */
  public void put(DdlCommand command, CommandProgress progress, boolean accepted) {
    String id = command.getId();
    if (!unfinished.containsKey(id)) {
      touched.learn(command.getOperation(), progress.getSequence());
    }
    if (progress.getStage() == CommandStage.FINISHED) {
      Known gone = unfinished.remove(id);
      if (gone != null) {
        changed.add(id);
        gone.command().getDependsOn().forEach(d -> forgetDependent(d, id));
      }
    } else {
      Known before = unfinished.put(id, new Known(command, progress, accepted));
      changed.add(id);
      if (before == null) {
        command
            .getDependsOn()
            .forEach(d -> dependents.computeIfAbsent(d, x -> new TreeSet<>()).add(id));
      }
    }
  }

  private void forgetDependent(String dependency, String id) {
    Set<String> others = dependents.get(dependency);
    if (others != null && others.remove(id) && others.isEmpty()) {
      dependents.remove(dependency);
    }
  }

  /** Puts everything that has changed into its place. Late, so that a restart can load first. */
  private void refresh() {
    for (String id : changed) {
      Place before = places.remove(id);
      Known known = unfinished.get(id);
      Place now = known == null ? null : place(known, before);
      if (now != null) {
        places.put(id, now);
      }
      if (!isSamePlace(before, now)) {
        leave(id, before);
        enter(id, now);
      }
      if (known == null) {
        dependents(id).forEach(this::lookAt);
        stalled.remove(id);
      }
    }
    changed.clear();
  }

  private Place place(Known known, @Nullable Place before) {
    OrderKey key = OrderKey.of(known.progress());
    Set<String> names =
        before != null && before.key().rank() == key.rank()
            ? before.names()
            : touched.of(known.command().getOperation(), key.rank());
    return new Place(key, known.isSettled(), names);
  }

  private static boolean isSamePlace(@Nullable Place before, @Nullable Place now) {
    return before != null
        && now != null
        && before.key().equals(now.key())
        && before.settled() == now.settled();
  }

  private void leave(String id, @Nullable Place place) {
    if (place == null) {
      return;
    }
    toLookAt.remove(place.key());
    orphans.remove(id);
    if (place.settled()) {
      return;
    }
    for (String name : place.names()) {
      NavigableMap<OrderKey, String> queue = queues.get(name);
      queue.remove(place.key());
      lookAtFirst(queue.tailMap(place.key()));
      if (queue.isEmpty()) {
        queues.remove(name);
      }
    }
    unsettled.remove(place.key());
    if (ofNamespace.remove(place.key()) != null) {
      unsettled.tailMap(place.key()).values().forEach(this::lookAt);
    }
    lookAtFirst(ofNamespace.tailMap(place.key()));
  }

  private void lookAtFirst(Map<OrderKey, String> queue) {
    queue.values().stream().findFirst().ifPresent(this::lookAt);
  }

  private void enter(String id, @Nullable Place place) {
    if (place == null) {
      return;
    }
    Known known = unfinished.get(id);
    if (!place.settled()) {
      place
          .names()
          .forEach(n -> queues.computeIfAbsent(n, x -> new TreeMap<>()).put(place.key(), id));
      unsettled.put(place.key(), id);
      if (isOfNamespace(known)) {
        ofNamespace.put(place.key(), id);
      }
    }
    if (known.isWaiting()) {
      toLookAt.put(place.key(), id);
      if (!known.command().getDependsOn().stream().allMatch(isKnown)) {
        orphans.add(id, known.progress());
      }
    }
  }

  private static boolean isOfNamespace(Known known) {
    Object operation = known.command().getOperation();
    return operation instanceof CreateNamespace || operation instanceof DropNamespace;
  }

  private void lookAt(String id) {
    Known known = unfinished.get(id);
    Place place = places.get(id);
    if (known != null && place != null && known.isWaiting()) {
      toLookAt.put(place.key(), id);
    }
  }

  /** The next waiting command whose reason to wait may have changed; it is named once. */
  public Optional<String> nextToLookAt() {
    refresh();
    return Optional.ofNullable(toLookAt.pollFirstEntry()).map(Map.Entry::getValue);
  }

  /** Remembers a command whose turn it is and that cannot begin yet for want of a node. */
  public void stall(String id) {
    stalled.add(id);
  }

  /**
   * Time has passed: commands that could not begin are looked at, and those that still miss a
   * dependency and were received at a time or before.
   */
  public void lookAtThoseThatWaitForTime(long receivedUntil) {
    refresh();
    stalled.forEach(this::lookAt);
    stalled.clear();
    orphans.receivedUntil(receivedUntil).forEach(this::lookAt);
  }

  /** Unfinished commands that depend directly on one, known or not; sorted. */
  public Set<String> dependents(String id) {
    return Collections.unmodifiableSet(dependents.getOrDefault(id, Set.of()));
  }

  /** The last command before one that has to be settled first; empty when it is its turn. */
  public Optional<Predecessor> predecessor(String id) {
    refresh();
    Place place = places.get(id);
    Known known = unfinished.get(id);
    if (place == null || known == null) {
      return Optional.empty();
    }
    boolean waitsForAll = known.command().getOperation() instanceof DropNamespace;
    Map.Entry<OrderKey, String> last =
        (waitsForAll ? unsettled : ofNamespace).lowerEntry(place.key());
    String where = "in the same namespace";
    for (String name : place.names()) {
      NavigableMap<OrderKey, String> queue = queues.get(name);
      Map.Entry<OrderKey, String> before = queue == null ? null : queue.lowerEntry(place.key());
      if (before != null && (last == null || before.getKey().compareTo(last.getKey()) > 0)) {
        last = before;
        where = TouchedNames.shared(name);
      }
    }
    return last == null ? Optional.empty() : Optional.of(new Predecessor(last.getValue(), where));
  }
}
