package dev.shardstream.producer.api;

import dev.shardstream.schemas.event.DdlResult;
import org.jspecify.annotations.Nullable;

/**
 * That the control plane has taken on a command that goes on for a while.
 *
 * @param commandId the command; {@code DdlOperations.getDdl} tells what becomes of it
 * @param changeLogId the reshard that does it; null when it is none or several
 * @param status {@code accepted}, or {@code applied} when there was nothing to do
 * @param message what it is about to do, in words; null if there is nothing to say
 */
public record CommandReceipt(
    String commandId, @Nullable String changeLogId, String status, @Nullable String message) {

  static CommandReceipt of(DdlResult result) {
    return new CommandReceipt(
        result.getCommandId(),
        result.getChangeLogId(),
        TableFacts.lower(result.getStatus()),
        result.getMessage());
  }
}
