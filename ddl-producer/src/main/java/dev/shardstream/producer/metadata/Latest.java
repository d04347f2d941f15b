package dev.shardstream.producer.metadata;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The latest of the values that one thread makes and others read and wait for.
 *
 * @param <T> immutable
 */
public final class Latest<T> {
  private final Function<RuntimeException, RuntimeException> told;
  private final Object changed = new Object();
  private volatile T value;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param told how readers are told what ended the maker
   */
  public Latest(T first, Function<RuntimeException, RuntimeException> told) {
    this.value = first;
    this.told = told;
  }

  /** The latest value. Throws what ended its maker, once something has. */
  public T get() {
    RuntimeException cause = failure;
    if (cause != null) {
      throw told.apply(cause);
    }
    return value;
  }

  /**
   * Waits until a value meets the condition; throws as {@link #get()} does.
   *
   * @return whether it does; false when the time is over or the thread is interrupted, which stays
   *     flagged
   */
  public boolean await(Predicate<T> condition, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (changed) {
      while (!condition.test(get())) {
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

  public void set(T next) {
    synchronized (changed) {
      value = next;
      changed.notifyAll();
    }
  }

  /** Says why there will be no other value. */
  public void fail(RuntimeException cause) {
    synchronized (changed) {
      failure = cause;
      changed.notifyAll();
    }
  }
}
