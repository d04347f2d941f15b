package dev.shardstream.streams.move;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.DrainedNode;
import dev.shardstream.streams.record.Movement;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Optional;

/** DRAIN NODE and UNDRAIN NODE. */
public final class Drain {
  private Drain() {}

  /**
   * From here on the node takes no new shards of the database; those that it has are moved away as
   * time passes. A node that is drained already can be drained again: what is left is moved.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException NODE_NOT_FOUND
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    String nodeId = ((DrainNode) command.getOperation()).getNodeId();
    Optional<String> toWaitFor = KnownNode.require(turn, nodeId);
    if (toWaitFor.isPresent()) {
      Outcomes.pending(turn, command, "waits for " + toWaitFor.get());
      return;
    }
    if (!turn.state().movements().drained().contains(nodeId)) {
      turn.emit(new Decision.NodeDrained(new DrainedNode(nodeId, command.getId(), turn.now())));
    }
    Moving.begin(
        turn,
        command,
        Movement.newBuilder()
            .setCommandId(command.getId())
            .setNumber(progress.getNumber())
            .setNodeId(nodeId)
            .build());
  }

  /**
   * Lets a node take shards again; drains of it that still run are given up, and the reshards that
   * they have begun go on.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException NODE_NOT_FOUND
   */
  public static void undo(Turn turn, DdlCommand command) {
    String nodeId = ((UndrainNode) command.getOperation()).getNodeId();
    Optional<String> toWaitFor = KnownNode.require(turn, nodeId);
    if (toWaitFor.isPresent()) {
      Outcomes.pending(turn, command, "waits for " + toWaitFor.get());
      return;
    }
    if (turn.state().movements().drained().contains(nodeId)) {
      turn.emit(new Decision.NodeUndrained(nodeId));
    }
    for (Movement movement : turn.state().movements().running()) {
      if (nodeId.equals(movement.getNodeId())) {
        Moving.giveUp(turn, movement, "command '" + command.getId() + "' took it back");
      }
    }
    Outcomes.applied(turn, command);
  }
}
