package dev.shardstream.standalone.replay;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.replay.WorldRefusals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/**
 * What the live cluster made of its commands.
 *
 * @param tables the catalog
 * @param namespaces those that were created and not dropped
 * @param results last result by command id, as far as results are kept
 */
record LiveCatalog(
    List<Table> tables, SortedSet<String> namespaces, Map<String, DdlResult> results) {
  /** These answer a record and leave the command of that id as it is. */
  private static final Set<String> ABOUT_A_RECORD =
      Set.of(ErrorCode.DUPLICATE_COMMAND.name(), ErrorCode.INVALID_COMMAND.name());

  /** Whether a result says what became of its command. */
  static boolean isAboutItsCommand(DdlResult result) {
    return result.getCode() == null || !ABOUT_A_RECORD.contains(result.getCode());
  }

  /** Code by id of the commands that were refused for a reason of the cluster's own. */
  Map<String, String> refusals() {
    Map<String, String> refusals = new HashMap<>();
    for (DdlResult result : results.values()) {
      if (result.getStatus() == DdlStatus.REJECTED
          && result.getCode() != null
          && WorldRefusals.isOne(ErrorCode.named(result.getCode()))) {
        refusals.put(result.getCommandId(), result.getCode());
      }
    }
    return Map.copyOf(refusals);
  }
}
