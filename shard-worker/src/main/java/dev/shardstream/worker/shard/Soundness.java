package dev.shardstream.worker.shard;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a shard file is broken, as far as somebody who worked with it has noticed. */
final class Soundness {
  private static final Logger LOG = LoggerFactory.getLogger(Soundness.class);

  private final DatabaseFiles files;
  private final ShardRef ref;
  private volatile @Nullable String broken;

  Soundness(DatabaseFiles files, ShardRef ref) {
    this.files = files;
    this.ref = ref;
  }

  Optional<String> broken() {
    return Optional.ofNullable(broken);
  }

  synchronized void noticed(Exception failure) {
    if (broken == null && FileFailure.isBroken(failure)) {
      String reason = FileFailure.broken(files.main(), failure).getMessage();
      broken = reason;
      LOG.error("shard.broken shard={} file={}", ref, files.main(), failure);
      remember(reason);
    }
  }

  private void remember(String reason) {
    try {
      files.markBroken(reason);
    } catch (IOException notWritten) {
      // Until the next start it is known all the same, and then somebody meets the page again.
      LOG.error("shard.broken.mark.failed shard={}", ref, notWritten);
    }
  }
}
