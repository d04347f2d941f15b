package dev.shardstream.systemtests.soak;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.systemtests.reshard.Reshards;
import java.util.List;
import java.util.Random;

/**
 * What an operator does to a reshard.
 *
 * @param phase while the reshard is in it, or later
 * @param verbs in order; each is refused when it comes too late
 */
record Act(String phase, List<String> verbs) {
  private static final List<Act> ALL =
      List.of(
          new Act("copying", List.of("pause", "resume")),
          new Act("replaying", List.of("pause", "resume")),
          new Act("verifying", List.of("pause", "resume")),
          new Act("copying", List.of("cancel")),
          new Act("verifying", List.of("cancel")),
          new Act("switching", List.of("rollback")),
          new Act("switching", List.of("complete")));

  static Act any(Random random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  /**
   * @return what was done, for counting
   */
  String perform(Shardstream client, Reshards reshards, ReshardInfo reshard) {
    reshards.awaitPhase(reshard, phase);
    StringBuilder done = new StringBuilder(phase);
    for (String verb : verbs) {
      try {
        client.execute("PRAGMA %sReshard('%s')".formatted(verb, reshard.changeLogId()));
        done.append(' ').append(verb);
      } catch (ShardstreamException late) {
        if (late.code() != ErrorCode.RESHARD_CANNOT) {
          throw late;
        }
        done.append(' ').append(verb).append("-refused");
      }
    }
    return done.toString();
  }
}
