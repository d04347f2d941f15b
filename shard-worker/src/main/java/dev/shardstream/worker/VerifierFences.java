package dev.shardstream.worker;

import dev.shardstream.worker.apply.FenceWatch;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.verify.Verifier;
import java.util.Map;

/** Lets the verifier see a shard at its fences, so that applying and verifying need not meet. */
record VerifierFences(ShardFile file, Verifier verifier) implements FenceWatch {
  @Override
  public boolean isArmed(String fenceId) {
    return verifier.isArmed(file.ref(), fenceId);
  }

  @Override
  public void reached(String fenceId, Map<Integer, Long> offsets, Positions positions) {
    verifier.reached(file, fenceId, offsets, positions);
  }
}
