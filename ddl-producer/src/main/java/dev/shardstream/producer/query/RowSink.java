package dev.shardstream.producer.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a result as it comes. What it throws ends the statement and is thrown from there. */
public interface RowSink {
  /** Comes once, first: the names of the result's columns. */
  void columns(List<String> names);

  /** Comes for each row: stored values. The list is the receiver's. */
  void row(List<@Nullable Object> values);
}
