package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The owners of a topology, and which of them has a row: the only place that knows what divides
 * rows. Made in the time of a few hundred steps, asked in that of a few. Immutable.
 */
public final class Owners {
  private final List<Shard> all;
  private final Division division;

  private Owners(List<Shard> all, Division division) {
    this.all = all;
    this.division = division;
  }

  /** The owners at a topology's epoch. */
  public static Owners of(Topology topology) {
    List<Shard> all = List.copyOf(Tables.owners(topology));
    boolean ranges = all.stream().anyMatch(shard -> shard.getRange() != null);
    return new Owners(all, ranges ? ByRange.of(all) : ByVirtualShard.of(all));
  }

  /** All of them, by id. */
  public List<Shard> all() {
    return all;
  }

  /** The one that has a row; empty when no shard owns such rows yet. */
  public Optional<Shard> of(RowPlace place) {
    return Optional.ofNullable(division.owner(place));
  }

  /** Whether every row has exactly one owner. */
  public boolean divideAllRows() {
    return division.isComplete();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Owners that && all.equals(that.all);
  }

  @Override
  public int hashCode() {
    return all.hashCode();
  }

  @Override
  public String toString() {
    return all.toString();
  }

  private sealed interface Division {
    @Nullable Shard owner(RowPlace place);

    boolean isComplete();
  }

  /**
   * @param owners by virtual shard
   * @param counts owners of each virtual shard
   */
  private record ByVirtualShard(@Nullable Shard[] owners, int[] counts) implements Division {
    static ByVirtualShard of(List<Shard> all) {
      @Nullable Shard[] owners = new @Nullable Shard[VirtualShards.COUNT];
      int[] counts = new int[VirtualShards.COUNT];
      for (Shard shard : all) {
        for (int v : shard.getVirtualShards()) {
          owners[v] = shard;
          counts[v]++;
        }
      }
      return new ByVirtualShard(owners, counts);
    }

    @Override
    public @Nullable Shard owner(RowPlace place) {
      return owners[place.virtualShard()];
    }

    @Override
    public boolean isComplete() {
      return IntStream.of(counts).allMatch(count -> count == 1);
    }
  }

  /**
   * @param owners in the order of their ranges
   * @param froms least key of each; no bytes, which come before every key, for no bound
   */
  private record ByRange(List<Shard> owners, List<byte[]> froms) implements Division {
    private static final byte[] BEFORE_ALL = {};

    static ByRange of(List<Shard> all) {
      List<Shard> owners = new ArrayList<>(all);
      owners.sort(Comparator.comparing(ByRange::from, OrderedKey::compare));
      return new ByRange(owners, owners.stream().map(ByRange::from).toList());
    }

    private static byte[] from(Shard shard) {
      ByteBuffer from = range(shard).getFrom();
      return from == null ? BEFORE_ALL : KeyRanges.bytes(from);
    }

    private static KeyRange range(Shard shard) {
      return Objects.requireNonNull(shard.getRange(), "range of a RANGE table's shard");
    }

    @Override
    public @Nullable Shard owner(RowPlace place) {
      byte[] key = KeyRanges.bytes(Objects.requireNonNull(place.orderedKey(), "ordered key"));
      int low = 0;
      int high = froms.size(); // the last that begins at the key or before it is before here
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (OrderedKey.compare(froms.get(middle), key) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low > 0 && KeyRanges.contains(range(owners.get(low - 1)), key)
          ? owners.get(low - 1)
          : null;
    }

    @Override
    public boolean isComplete() {
      ByteBuffer reached = null;
      for (int i = 0; i < owners.size(); i++) {
        KeyRange range = range(owners.get(i));
        boolean follows = Objects.equals(range.getFrom(), reached) && (i == 0 || reached != null);
        if (!follows || !hasAllVirtualShards(owners.get(i))) {
          return false;
        }
        reached = range.getTo();
      }
      return !owners.isEmpty() && reached == null;
    }

    private static boolean hasAllVirtualShards(Shard shard) {
      return shard
          .getVirtualShards()
          .equals(IntStream.range(0, VirtualShards.COUNT).boxed().toList());
    }
  }
}
