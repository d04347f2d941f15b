package dev.shardstream.producer.query;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.threads.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks several shards at a time. Their rows pass through a bounded queue to the caller's thread, so
 * that a shard is read no faster than rows are taken. No statement waits for the threads of another
 * one: each has as many as it may ask shards at a time.
 */
final class ShardReads implements AutoCloseable {
  private static final int QUEUED_ROWS = 32_000;
  private static final int FEWEST_BATCHES = 2;

  private static final long LOOK_MILLIS = 100;

  /** Bounded by the callers, each of whom waits here; threads without work end. */
  private final ExecutorService pool =
      Executors.newCachedThreadPool(DaemonThreads.named("shardstream-shard-read"));

  private volatile boolean closed;

  /**
   * A request to a shard.
   *
   * @param blockRows rows that pass at once
   * @param question gives the answer to a sink, and returns the positions that the shard stood at
   */
  record Call(int blockRows, Function<ShardClient.AnswerSink, List<Position>> question) {}

  /** Takes rows on the caller's thread. */
  interface BatchSink {
    /**
     * Takes rows of one call; those of one call come in order.
     *
     * @param call its place in the list of calls
     */
    void rows(int call, List<List<@Nullable Object>> rows);
  }

  private sealed interface Event {
    record Rows(int call, List<List<@Nullable Object>> rows) implements Event {}

    record Finished() implements Event {}

    record Failed(RuntimeException error) implements Event {}
  }

  /**
   * Makes all calls.
   *
   * @param parallelism calls at a time
   * @param limit for all of them, and for what the sink does
   * @return the positions that each call's shard read at
   * @throws RuntimeException the first failure of a call; the others are given up
   * @throws ShardstreamException STATEMENT_TIMEOUT; QUERY_FAILED when this is closed meanwhile
   */
  List<List<Position>> run(List<Call> calls, int parallelism, Duration limit, BatchSink sink) {
    Answers answers = new Answers(calls, limit);
    try {
      answers.begin(parallelism);
      answers.drain(sink);
      return answers.positions;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShardstreamException(ErrorCode.QUERY_FAILED, "The statement was interrupted")
          .causedBy(e);
    } catch (RejectedExecutionException e) {
      throw closedMeanwhile().causedBy(e);
    } finally {
      answers.abandon();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** The error of a statement that waits for shards when its client is closed. */
  static ShardstreamException closedMeanwhile() {
    return new ShardstreamException(
        ErrorCode.QUERY_FAILED, "The client was closed before the statement was answered");
  }

  /** What the calls of one run have to say. */
  private final class Answers {
    private final List<Call> calls;
    private final List<Future<?>> begun = new ArrayList<>();
    private final BlockingQueue<Event> events;
    private final List<List<Position>> positions = new ArrayList<>();
    private final Duration limit;
    private final long deadline;
    private volatile boolean abandoned;

    private Answers(List<Call> calls, Duration limit) {
      this.calls = calls;
      int largest = calls.stream().mapToInt(Call::blockRows).max().orElse(1);
      this.events =
          new ArrayBlockingQueue<>(Math.max(FEWEST_BATCHES, QUEUED_ROWS / Math.max(1, largest)));
      calls.forEach(call -> positions.add(List.of()));
      this.limit = limit;
      this.deadline = System.nanoTime() + limit.toNanos();
    }

    /** Begins the next ones, if there are so many. */
    private void begin(int most) {
      for (int i = 0; i < most && begun.size() < calls.size(); i++) {
        int call = begun.size();
        begun.add(pool.submit(() -> of(call, calls.get(call))));
      }
    }

    private void abandon() {
      abandoned = true;
      begun.forEach(call -> call.cancel(true));
    }

    private void of(int number, Call call) {
      Batches batches = new Batches(number, call.blockRows());
      try {
        List<Position> reached = call.question().apply(batches);
        batches.flush();
        synchronized (positions) {
          positions.set(number, reached);
        }
        put(new Event.Finished());
      } catch (RuntimeException e) {
        put(new Event.Failed(e));
      } catch (Error e) {
        put(new Event.Failed(new IllegalStateException("Reading a shard broke down", e)));
        throw e;
      }
    }

    /** Waits for room; a run that has ended takes nothing more. */
    private void put(Event event) {
      boolean interrupted = false;
      try {
        while (!abandoned) {
          try {
            if (events.offer(event, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
              return;
            }
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      throw new IllegalStateException("Nobody reads this answer any more");
    }

    private void drain(BatchSink sink) throws InterruptedException {
      for (int open = calls.size(); open > 0; ) {
        requireTime(open);
        Event event = events.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (event == null) {
          requireOpen();
        } else if (event instanceof Event.Rows batch) {
          sink.rows(batch.call(), batch.rows());
        } else if (event instanceof Event.Failed failed) {
          throw failed.error();
        } else {
          open--;
          begin(1);
        }
      }
    }

    private void requireTime(int open) {
      if (System.nanoTime() - deadline >= 0) {
        throw ShardstreamException.reported(
            ErrorCode.STATEMENT_TIMEOUT,
            "%s: %d of %d shards have not answered to the end"
                .formatted(ErrorCode.STATEMENT_TIMEOUT.text(limit.toMillis()), open, calls.size()));
      }
    }

    private void requireOpen() {
      if (closed) {
        throw closedMeanwhile();
      }
    }

    private final class Batches implements ShardClient.AnswerSink {
      private final int call;
      private final int blockRows;
      private List<List<@Nullable Object>> rows;

      private Batches(int call, int blockRows) {
        this.call = call;
        this.blockRows = blockRows;
        this.rows = new ArrayList<>(blockRows);
      }

      @Override
      public void header(QueryHeader header) {
        // The columns are the plan's.
      }

      @Override
      public void row(List<@Nullable Object> values) {
        rows.add(values);
        if (rows.size() == blockRows) {
          flush();
        }
      }

      private void flush() {
        if (!rows.isEmpty()) {
          put(new Event.Rows(call, rows));
          rows = new ArrayList<>(blockRows);
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    pool.shutdownNow();
  }
}
