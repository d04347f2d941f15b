package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlPublisher;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Publishes definitions, waits for the answer, and then until this client itself knows what was
 * decided: the answer and the catalog come by different topics, and the next statement must find
 * both.
 */
final class Definitions {
  private final ClientConfig config;
  private final Metadata metadata;
  private final DdlPublisher publisher;

  Definitions(ClientConfig config, Metadata metadata, DdlPublisher publisher) {
    this.config = config;
    this.metadata = metadata;
    this.publisher = publisher;
  }

  /**
   * Has an operation carried out.
   *
   * @param database as the user wrote it; null for the configured one
   * @return its result: ACCEPTED for DROP TABLE, for what {@link #goesOn}, and what shards have not
   *     all followed within the command timeout; APPLIED otherwise
   * @throws ShardstreamException the rejection; NO_ANSWER
   */
  DdlResult publish(@Nullable String database, Object operation) {
    DdlCommand command = publisher.command(database, operation);
    boolean settled = operation instanceof DropTable || goesOn(operation);
    DdlResult result =
        publisher.publishAndAwait(command, settled ? DdlStatus.ACCEPTED : DdlStatus.APPLIED);
    if (!metadata.await(known(operation, result), config.commandTimeout())) {
      throw new ShardstreamException(
          ErrorCode.NO_ANSWER, result.getCommandId(), config.commandTimeout().toSeconds());
    }
    return result;
  }

  /** Whether an operation is answered when it has begun, because it moves rows. */
  static boolean goesOn(Object operation) {
    if (operation instanceof ReshardTable reshard) {
      return !reshard.getDryRun();
    }
    if (operation instanceof ControlReshard control) {
      return control.getVerb() == ReshardVerb.RETRY;
    }
    if (operation instanceof Rebalance rebalance) {
      return !rebalance.getDryRun();
    }
    return operation instanceof MoveShard
        || operation instanceof DrainNode
        || operation instanceof VerifyTable;
  }

  /** When this client knows what an operation has made. */
  private static Predicate<MetadataSnapshot> known(Object operation, DdlResult result) {
    if (operation instanceof CreateNamespace) {
      return snapshot -> snapshot.hasNamespace(result.getDatabase());
    }
    if (operation instanceof DropNamespace) {
      return snapshot -> !snapshot.hasNamespace(result.getDatabase());
    }
    String changeLogId = result.getChangeLogId();
    if (changeLogId != null) {
      return snapshot -> snapshot.reshard(result.getDatabase(), changeLogId).isPresent();
    }
    String tableId = result.getTableId();
    if (tableId == null) {
      return snapshot -> true; // IF EXISTS of what is not there
    }
    if (operation instanceof CreateTable) {
      return snapshot ->
          result.getStatus() == DdlStatus.ACCEPTED
              || table(snapshot, tableId).filter(snapshot::isReady).isPresent();
    }
    if (operation instanceof DropTable) {
      return snapshot -> table(snapshot, tableId).isEmpty();
    }
    return snapshot ->
        table(snapshot, tableId).map(table -> shows(table, operation, result)).orElse(true);
  }

  private static Optional<Table> table(MetadataSnapshot snapshot, String tableId) {
    return Optional.ofNullable(snapshot.tablesById().get(tableId))
        .filter(table -> table.getStatus() != TableStatus.DROPPING);
  }

  /** Whether a table of the catalog has the operation in it. */
  private static boolean shows(Table table, Object operation, DdlResult result) {
    if (operation instanceof AlterTable) {
      Integer version = result.getSchemaVersion();
      return version == null || table.getSchemaVersion() >= version;
    }
    if (operation instanceof CreateIndex create) {
      boolean applied = result.getStatus() == DdlStatus.APPLIED;
      return index(table, create.getIndex())
          .filter(
              index ->
                  !applied
                      || !index.getCommandId().equals(result.getCommandId())
                      || index.getStatus() == IndexStatus.READY)
          .isPresent();
    }
    if (operation instanceof DropIndex drop) {
      return index(table, drop.getIndex()).isEmpty();
    }
    return !(operation instanceof CommentOnIndex comment)
        || index(table, comment.getIndex())
            .map(index -> Objects.equals(index.getComment(), comment.getComment()))
            .orElse(true);
  }

  private static Optional<Index> index(Table table, String name) {
    return table.getIndexes().stream()
        .filter(index -> Names.same(index.getName(), name))
        .findFirst();
  }
}
