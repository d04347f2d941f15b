package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.SampleKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Shard keys that divide a shard into parts of equally many rows. */
final class Samples {
  private Samples() {}

  static KeySample of(ShardContent content, SampleKeys sample) {
    List<Long> sorted =
        content.rows().values().stream()
            .flatMap(rows -> rows.keySet().stream())
            .map(key -> (Long) key.values().get(0))
            .sorted()
            .toList();
    List<ByteBuffer> keys = new ArrayList<>();
    List<Long> before = new ArrayList<>();
    int last = 0;
    for (int part = 1; part < sample.getParts(); part++) {
      int at = (int) ((long) part * sorted.size() / sample.getParts());
      if (at > last) {
        keys.add(ByteBuffer.wrap(Keys.ordered(sorted.get(at))));
        before.add((long) at);
        last = at;
      }
    }
    return new KeySample(sample.getShardId(), (long) sorted.size(), keys, before);
  }
}
