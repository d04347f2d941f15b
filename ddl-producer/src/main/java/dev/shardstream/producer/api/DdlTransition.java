package dev.shardstream.producer.api;

import dev.shardstream.schemas.event.DdlResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transition of a command.
 *
 * @param commandId the command
 * @param operation like {@code ADD_COLUMN}
 * @param database its namespace
 * @param tableName the table it is about; null for none
 * @param status {@code pending}, {@code accepted}, {@code applied} or {@code rejected}
 * @param schemaVersion version of the table after it; null where there is none
 * @param code of a rejection; null for none
 * @param message text of a rejection, or what a pending command waits for; null for none
 * @param issuedBy who asked
 * @param dependsOn ids of the commands that it depends on
 * @param at when, milliseconds since the epoch
 */
public record DdlTransition(
    String commandId,
    String operation,
    String database,
    @Nullable String tableName,
    String status,
    @Nullable Integer schemaVersion,
    @Nullable String code,
    @Nullable String message,
    String issuedBy,
    List<String> dependsOn,
    long at) {

  static DdlTransition of(DdlResult result) {
    return new DdlTransition(
        result.getCommandId(),
        result.getOperation(),
        result.getDatabase(),
        result.getTable(),
        TableFacts.lower(result.getStatus()),
        result.getSchemaVersion(),
        result.getCode(),
        result.getMessage(),
        result.getIssuedBy(),
        List.copyOf(result.getDependsOn()),
        result.getAt());
  }
}
