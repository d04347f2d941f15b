package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.KeySample;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of every RANGE table of {@link FakeNodes}: what a shard has of them says its range. */
public final class FakeRows {
  private final List<byte[]> keys = new ArrayList<>();
  private final Map<Integer, List<byte[]>> byVirtualShard = new HashMap<>();

  /** As many rows as given for each of the shard keys 0, 1, 2 … */
  public FakeRows(int... rowsOfKeys) {
    for (int i = 0; i < rowsOfKeys.length; i++) {
      for (int row = 0; row < rowsOfKeys[i]; row++) {
        keys.add(key(i));
        byVirtualShard
            .computeIfAbsent(VirtualShards.of(key(i)), v -> new ArrayList<>())
            .add(key(i));
      }
    }
  }

  /** The ordered key of a shard key. */
  public static byte[] key(long value) {
    return OrderedKey.of(List.of(value));
  }

  /** How many rows a shard has. */
  public long count(KeyRange range) {
    return in(range).size();
  }

  private List<byte[]> in(KeyRange range) {
    return keys.stream().filter(key -> KeyRanges.contains(range, key)).toList();
  }

  private List<byte[]> in(KeyRange range, int virtualShard) {
    return byVirtualShard.getOrDefault(virtualShard, List.of()).stream()
        .filter(key -> KeyRanges.contains(range, key))
        .toList();
  }

  /** What one virtual shard of a shard holds. */
  Digest digest(KeyRange range, int virtualShard, boolean differs) {
    List<byte[]> rows = in(range, virtualShard);
    long sum = rows.stream().mapToLong(FakeRows::hash).sum() + (differs ? 1 : 0);
    return new Digest(virtualShard, (long) rows.size(), bytes(sum));
  }

  /** The rows of one virtual shard of a shard; rows of one shard key count as one. */
  List<KeyHash> list(KeyRange range, int virtualShard, boolean differs) {
    List<KeyHash> listed = new ArrayList<>();
    List<byte[]> rows = in(range, virtualShard);
    for (int i = 0; i < rows.size(); i++) {
      long hash = hash(rows.get(i)) + (differs ? 1 : 0);
      listed.add(new KeyHash(virtualShard, OrderedKey.values(rows.get(i)) + "#" + i, bytes(hash)));
    }
    return listed;
  }

  private static long hash(byte[] key) {
    return 1L + Integer.toUnsignedLong(Arrays.hashCode(key));
  }

  private static ByteBuffer bytes(long sum) {
    return ByteBuffer.allocate(16).putLong(8, sum);
  }

  /** What a shard answers that is asked for a sample. */
  public KeySample sample(int shardId, KeyRange range, int parts) {
    List<byte[]> rows = in(range);
    List<ByteBuffer> firsts = new ArrayList<>();
    List<Long> before = new ArrayList<>();
    for (int part = 1; part < parts; part++) {
      int at = (int) ((long) part * rows.size() / parts);
      if (at < rows.size() && at > 0) {
        ByteBuffer first = ByteBuffer.wrap(rows.get(at));
        int lesser = at;
        while (lesser > 0 && OrderedKey.compare(rows.get(lesser - 1), rows.get(at)) == 0) {
          lesser--;
        }
        if (firsts.isEmpty() || !firsts.get(firsts.size() - 1).equals(first)) {
          firsts.add(first);
          before.add((long) lesser);
        }
      }
    }
    return new KeySample(shardId, (long) rows.size(), firsts, before);
  }
}
