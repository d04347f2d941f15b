package dev.shardstream.streams.order;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
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
  /**
   * A command that comes first.
   *
   * @param id the command
   * @param where what both are about, like {@code on the same table}
   */
  public record Predecessor(String id, String where) {}

  private final Predicate<String> isKnown;
  private final TouchedNames touched = new TouchedNames();
  private final Map<String, Waiter> unfinished = new HashMap<>();
  private final List<Waiter> changed = new ArrayList<>();
  private final Map<String, Set<String>> dependents = new HashMap<>();
  private final Map<String, NavigableMap<OrderKey, Waiter>> queues = new HashMap<>();
  private final NavigableMap<OrderKey, Waiter> unsettled = new TreeMap<>();
  private final NavigableMap<OrderKey, Waiter> ofNamespace = new TreeMap<>();
  private final NavigableMap<OrderKey, Waiter> toLookAt = new TreeMap<>();
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
    Waiter known = unfinished.get(id);
    if (known == null) {
      touched.learn(command.getOperation(), progress.getSequence());
      if (progress.getStage() == CommandStage.FINISHED) {
        return;
      }
      known = new Waiter(command, progress);
      unfinished.put(id, known);
      for (String dependency : command.getDependsOn()) {
        dependents.computeIfAbsent(dependency, d -> new TreeSet<>()).add(id);
      }
    } else if (progress.getStage() == CommandStage.FINISHED) {
      unfinished.remove(id);
      command.getDependsOn().forEach(d -> forgetDependent(d, id));
    }
    if (known.update(progress, accepted)) {
      changed.add(known);
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
    for (Waiter waiter : changed) {
      Place before = waiter.place();
      Place now = waiter.nextPlace(touched);
      if (!Objects.equals(before, now)) {
        leave(waiter, before);
        enter(waiter, now);
      }
      if (now == null) {
        dependents(waiter.id()).forEach(this::lookAt);
        stalled.remove(waiter.id());
      }
    }
    changed.clear();
  }

  private void leave(Waiter waiter, @Nullable Place place) {
    if (place == null) {
      return;
    }
    OrderKey key = place.key();
    toLookAt.remove(key);
    orphans.remove(waiter.id());
    if (place.settled()) {
      return;
    }
    for (String name : place.names()) {
      NavigableMap<OrderKey, Waiter> queue = queues.get(name);
      queue.remove(key);
      lookAt(queue.higherEntry(key));
      if (queue.isEmpty()) {
        queues.remove(name);
      }
    }
    unsettled.remove(key);
    if (ofNamespace.remove(key) != null) {
      unsettled.tailMap(key).values().forEach(this::lookAt);
    }
    lookAt(ofNamespace.higherEntry(key));
  }

  private void enter(Waiter waiter, @Nullable Place place) {
    if (place == null) {
      return;
    }
    OrderKey key = place.key();
    if (!place.settled()) {
      for (String name : place.names()) {
        queues.computeIfAbsent(name, n -> new TreeMap<>()).put(key, waiter);
      }
      unsettled.put(key, waiter);
      if (waiter.isOfNamespace()) {
        ofNamespace.put(key, waiter);
      }
    }
    if (waiter.isWaiting()) {
      toLookAt.put(key, waiter);
      if (waiter.lacksDependency(isKnown)) {
        orphans.add(waiter.id(), waiter.progress());
      }
    }
  }

  private void lookAt(String id) {
    Waiter waiter = unfinished.get(id);
    if (waiter != null) {
      lookAt(waiter);
    }
  }

  private void lookAt(Map.@Nullable Entry<OrderKey, Waiter> entry) {
    if (entry != null) {
      lookAt(entry.getValue());
    }
  }

  private void lookAt(Waiter waiter) {
    Place place = waiter.place();
    if (place != null && waiter.isWaiting()) {
      toLookAt.put(place.key(), waiter);
    }
  }

  /** The next waiting command whose reason to wait may have changed; it is named once. */
  public Optional<String> nextToLookAt() {
    refresh();
    return Optional.ofNullable(toLookAt.pollFirstEntry()).map(e -> e.getValue().id());
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
    Waiter waiter = unfinished.get(id);
    Place place = waiter == null ? null : waiter.place();
    if (waiter == null || place == null) {
      return Optional.empty();
    }
    OrderKey key = place.key();
    Map.Entry<OrderKey, Waiter> last =
        (waiter.waitsForAll() ? unsettled : ofNamespace).lowerEntry(key);
    String where = "in the same namespace";
    for (String name : place.names()) {
      NavigableMap<OrderKey, Waiter> queue = queues.get(name);
      Map.Entry<OrderKey, Waiter> before = queue == null ? null : queue.lowerEntry(key);
      if (before != null && (last == null || before.getKey().compareTo(last.getKey()) > 0)) {
        last = before;
        where = TouchedNames.shared(name);
      }
    }
    return last == null
        ? Optional.empty()
        : Optional.of(new Predecessor(last.getValue().id(), where));
  }
}
