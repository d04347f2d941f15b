package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * What an operator can ask of a reshard. A hint for whoever shows buttons: the coordinator judges
 * each command when it comes, by what is true then.
 */
final class ReshardActions {
  private ReshardActions() {}

  static List<String> of(Reshard reshard) {
    return switch (reshard.getStatus()) {
      case QUEUED, COPYING, REPLAYING, VERIFYING -> running(reshard);
      case SWITCHING ->
          reshard.getCompleteAsked()
              ? List.of()
              : reshard.getRolledBackAt() == null
                  ? List.of("rollback", "complete")
                  : List.of("complete");
      case FAILED, CANCELLED, ROLLED_BACK ->
          reshard.getPurpose() == ReshardPurpose.REPLICATE ? List.of() : List.of("retry");
      case COMPLETE -> List.of();
    };
  }

  private static List<String> running(Reshard reshard) {
    List<String> verbs = new ArrayList<>();
    verbs.add(reshard.getPaused() ? "resume" : "pause");
    if (waitsForSwitch(reshard) && !reshard.getPaused()) {
      verbs.add("switch");
    }
    verbs.add("cancel");
    verbs.add("throttle");
    return List.copyOf(verbs);
  }

  static boolean waitsForSwitch(Reshard reshard) {
    ReshardOptions options = reshard.getOptions();
    return options != null
        && options.getManualCutover()
        && reshard.getStatus() == ReshardStatus.VERIFYING
        && reshard.getVerifiedAttempt() > 0
        && !reshard.getSwitchAsked();
  }

  static boolean isCopying(Reshard reshard) {
    return reshard.getStatus() == ReshardStatus.COPYING && !reshard.getPaused();
  }
}
