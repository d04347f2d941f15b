package dev.shardstream.streams.live;

import org.jspecify.annotations.Nullable;

/**
 * An event on its way to those who watch.
 *
 * @param id where to go on after it; null for one that the next of its kind replaces
 * @param type what it is about
 * @param json its data
 */
public record LiveEvent(@Nullable String id, String type, String json) {
  /** A watcher must read everything again: what happened before cannot be told. */
  public static final String RESET = "reset";

  /** A table or its shards have changed. */
  public static final String TABLE = "table";

  /** A reshard has changed. */
  public static final String RESHARD = "reshard";

  /** A command has a result. */
  public static final String COMMAND = "command";

  /** The nodes, all of them. */
  public static final String NODES = "nodes";
}
