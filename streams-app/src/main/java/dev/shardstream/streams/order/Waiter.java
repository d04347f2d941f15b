package dev.shardstream.streams.order;

import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An unfinished command: where it is, and where it stands by what was known before. */
final class Waiter {
  private final DdlCommand command;
  private CommandProgress progress;
  private boolean accepted;
  private boolean changed;
  private @Nullable Place place;

  Waiter(DdlCommand command, CommandProgress progress) {
    this.command = command;
    this.progress = progress;
  }

  /** Whether that is news since it was last put into its place. */
  boolean update(CommandProgress now, boolean isAccepted) {
    progress = now;
    accepted = isAccepted;
    boolean first = !changed;
    changed = true;
    return first;
  }

  /** Where it stands, null before it does and after its end. */
  @Nullable Place place() {
    return place;
  }

  /** Where it stands from now on, null at its end. */
  @Nullable Place nextPlace(TouchedNames touched) {
    changed = false;
    OrderKey key = OrderKey.of(progress);
    if (progress.getStage() == CommandStage.FINISHED) {
      place = null;
    } else if (place != null && place.key().rank() == key.rank()) {
      place = new Place(key, isSettled(), place.names());
    } else {
      place = new Place(key, isSettled(), touched.of(command.getOperation(), key.rank()));
    }
    return place;
  }

  /** Only a table that is being made holds others up when it is in the catalog already. */
  private boolean isSettled() {
    return accepted && !(command.getOperation() instanceof CreateTable);
  }

  String id() {
    return command.getId();
  }

  CommandProgress progress() {
    return progress;
  }

  boolean isWaiting() {
    return progress.getStage() == CommandStage.WAITING;
  }

  /** Whether it waits for everything before it, whatever that is about. */
  boolean waitsForAll() {
    return command.getOperation() instanceof DropNamespace;
  }

  /** Whether everything after it waits for it, whatever that is about. */
  boolean isOfNamespace() {
    return command.getOperation() instanceof CreateNamespace || waitsForAll();
  }

  boolean lacksDependency(Predicate<String> isKnown) {
    for (String dependency : command.getDependsOn()) {
      if (!isKnown.test(dependency)) {
        return true;
      }
    }
    return false;
  }
}
