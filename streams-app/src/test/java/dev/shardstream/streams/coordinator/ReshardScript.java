package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.DatabaseState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** An operator who asks for anything at any time, and one who lets everything come to its end. */
final class ReshardScript {
  private static final List<ReshardVerb> VERBS =
      List.of(
          ReshardVerb.PAUSE,
          ReshardVerb.PAUSE,
          ReshardVerb.RESUME,
          ReshardVerb.RESUME,
          ReshardVerb.RESUME,
          ReshardVerb.SWITCH,
          ReshardVerb.SWITCH,
          ReshardVerb.CANCEL,
          ReshardVerb.ROLLBACK,
          ReshardVerb.ROLLBACK,
          ReshardVerb.COMPLETE,
          ReshardVerb.RETRY);

  private ReshardScript() {}

  /** Options of a reshard, or null for none. */
  static @Nullable ReshardOptions anyOptions(Random random) {
    return random.nextInt(3) == 0
        ? null
        : new ReshardOptions(
            random.nextBoolean() ? null : 10L * random.nextInt(20),
            random.nextBoolean() ? null : 500L * random.nextInt(6),
            random.nextInt(4) == 0,
            random.nextInt(3) == 0);
  }

  /** Something asked of a reshard that runs, has ended, or never was. */
  static DdlCommand any(Random random, DatabaseState state, int step) {
    List<String> ids = new ArrayList<>(List.of("shop-r999"));
    state.reshards().forEach(r -> ids.addAll(List.of(r.getChangeLogId(), r.getChangeLogId())));
    for (Topology topology : state.topologies()) {
      List<Reshard> ended = state.endedReshards(topology.getTableId());
      ended.stream().skip(Math.max(0, ended.size() - 2)).forEach(r -> ids.add(r.getChangeLogId()));
    }
    String id = ids.get(random.nextInt(ids.size()));
    boolean hasSwitched =
        state.reshard(id).filter(r -> r.getStatus() == ReshardStatus.SWITCHING).isPresent();
    if (hasSwitched && random.nextBoolean()) {
      return Commands.control("back-" + step, id, ReshardVerb.ROLLBACK);
    }
    return random.nextInt(6) == 0
        ? Commands.throttle(
            "throttle-" + step, id, random.nextInt(50), random.nextBoolean() ? null : 2_000L)
        : Commands.control("control-" + step, id, VERBS.get(random.nextInt(VERBS.size())));
  }

  /** What reshards wait for that wait for somebody. */
  static List<DdlCommand> letGo(DatabaseState state, int step) {
    List<DdlCommand> commands = new ArrayList<>();
    for (Reshard reshard : state.reshards()) {
      String id = reshard.getChangeLogId();
      if (reshard.getPaused()) {
        commands.add(Commands.control("go-" + id + "-" + step, id, ReshardVerb.RESUME));
      } else if (reshard.getVerifiedAttempt() > 0 && !reshard.getSwitchAsked()) {
        commands.add(Commands.control("switch-" + id + "-" + step, id, ReshardVerb.SWITCH));
      }
    }
    return commands;
  }
}
