package dev.shardstream.producer.replica;

import dev.shardstream.producer.metadata.Latest;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What the replica's thread tells all others: the state, changes of it, and why it has ended. */
final class ReplicaBoard {
  private final List<Consumer<TableChange>> listeners = new CopyOnWriteArrayList<>();
  private final Latest<ReplicaState> latest;

  ReplicaBoard(ReplicaState state) {
    this.latest = new Latest<>(state, ReplicaBoard::told);
  }

  private static ShardstreamException told(RuntimeException cause) {
    if (cause instanceof ShardstreamException known) {
      return ShardstreamException.reported(known.code(), known.getMessage()).causedBy(known);
    }
    return new ShardstreamException(
            ErrorCode.INTERNAL,
            "the replica has stopped (" + cause.getMessage() + "): open it again")
        .causedBy(cause);
  }

  /**
   * @throws ShardstreamException what ended the replica
   */
  ReplicaState state() {
    return latest.get();
  }

  boolean await(Predicate<ReplicaState> condition, Duration timeout) {
    return latest.await(condition, timeout);
  }

  void listen(Consumer<TableChange> listener) {
    listeners.add(listener);
  }

  void publish(ReplicaState next) {
    ReplicaState before = latest.get();
    latest.set(next);
    Set<String> ids = new TreeSet<>(before.tables().keySet());
    ids.addAll(next.tables().keySet());
    for (String id : ids) {
      Table was = before.tables().get(id);
      Table is = next.tables().get(id);
      if (!Objects.equals(was, is)) {
        listeners.forEach(listener -> listener.accept(new TableChange(id, was, is)));
      }
    }
  }

  void fail(RuntimeException cause) {
    latest.fail(cause);
  }
}
