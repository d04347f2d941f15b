package dev.shardstream.producer.api;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import java.util.List;

/** What a client can say against a command before it is published. Pure. */
final class CommandCheck {
  private final MetadataSnapshot snapshot;

  CommandCheck(MetadataSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  List<ShardstreamException> errors(DdlCommand command) {
    if (!(command.getOperation() instanceof CreateNamespace)
        && !snapshot.hasNamespace(command.getDatabase())) {
      return List.of(
          new ShardstreamException(
              ErrorCode.NAMESPACE_NOT_FOUND, command.getDatabase(), command.getDatabase()));
    }
    return List.of();
  }
}
