package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.DdlResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command and what became of it.
 *
 * @param commandId its id
 * @param database database it is for
 * @param status {@code pending}, {@code accepted}, {@code applied} or {@code rejected}
 * @param at when it came to that status, milliseconds since the epoch
 * @param operation what it does, like {@code ADD_COLUMN}
 * @param issuedBy who asked
 * @param dependsOn commands that must be applied before
 * @param table name of its table; null when it has none
 * @param schemaVersion version of the table after it; null where there is none
 * @param reshard id of the reshard that it started; null for other operations
 * @param code error code of a rejection; null for none
 * @param message error text of a rejection, or what a pending one waits for; null for neither
 * @param plan the plan of a reshard that was only asked for; null for all other commands
 */
public record CommandBody(
    String commandId,
    String database,
    String status,
    long at,
    String operation,
    String issuedBy,
    List<String> dependsOn,
    @Nullable String table,
    @Nullable Integer schemaVersion,
    @Nullable String reshard,
    @Nullable String code,
    @Nullable String message,
    @Nullable PlanBody plan) {

  public static CommandBody of(DdlResult result) {
    return new CommandBody(
        result.getCommandId(),
        result.getDatabase(),
        Words.of(result.getStatus()),
        result.getAt(),
        result.getOperation(),
        result.getIssuedBy(),
        List.copyOf(result.getDependsOn()),
        result.getTable(),
        result.getSchemaVersion(),
        result.getChangeLogId(),
        result.getCode(),
        result.getMessage(),
        result.getPlan() == null ? null : PlanBody.of(result.getPlan()));
  }
}
