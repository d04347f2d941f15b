package dev.shardstream.producer.replica;

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
import org.jspecify.annotations.Nullable;

/** What the replica's thread tells all others: the state, changes of it, and why it has ended. */
final class ReplicaBoard {
  private final List<Consumer<TableChange>> listeners = new CopyOnWriteArrayList<>();
  private final Object changed = new Object();
  private volatile ReplicaState state;
  private volatile @Nullable RuntimeException failure;

  ReplicaBoard(ReplicaState state) {
    this.state = state;
  }

  /**
   * @throws ShardstreamException what ended the replica
   */
  ReplicaState state() {
    RuntimeException cause = failure;
    if (cause instanceof ShardstreamException known) {
      throw ShardstreamException.reported(known.code(), known.getMessage()).causedBy(known);
    }
    if (cause != null) {
      throw new ShardstreamException(
              ErrorCode.INTERNAL,
              "the replica has stopped (" + cause.getMessage() + "): open it again")
          .causedBy(cause);
    }
    return state;
  }

  boolean await(Predicate<ReplicaState> condition, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (changed) {
      while (!condition.test(state())) {
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0) {
          return false;
        }
        try {
          changed.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }

  void listen(Consumer<TableChange> listener) {
    listeners.add(listener);
  }

  void publish(ReplicaState next) {
    ReplicaState before = state;
    synchronized (changed) {
      state = next;
      changed.notifyAll();
    }
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
    synchronized (changed) {
      failure = cause;
      changed.notifyAll();
    }
  }
}
