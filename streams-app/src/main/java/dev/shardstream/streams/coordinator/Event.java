package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.TaskEvent;
import org.jspecify.annotations.Nullable;

/** What the control plane decides on. */
public sealed interface Event {
  /**
   * A command came.
   *
   * @param at timestamp of its record, milliseconds since the epoch
   */
  record CommandReceived(DdlCommand command, long at) implements Event {}

  /** A node or the provisioner reported about a task. */
  record TaskReported(TaskEvent event) implements Event {}

  /**
   * A live query gave a sign of life, was killed or ended.
   *
   * @param key key of its record: database, slash, id
   * @param query null when it ended
   */
  record LiveQueryHeard(String key, @Nullable LiveQuery query) implements Event {}

  /** Time has passed, and the nodes may look different. */
  record Tick() implements Event {}
}
