package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.row.RowChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Clients that write, some of them with an old version of the table in their hands. */
final class SimWriter {
  private final World world;
  private int written;

  SimWriter(World world) {
    this.world = world;
  }

  /** How many writes were acknowledged. */
  int written() {
    return written;
  }

  /** One write, or a record that is none. */
  void write() {
    List<Table> known =
        world.catalog().stream().filter(t -> t.getStatus() == TableStatus.ACTIVE).toList();
    if (known.isEmpty()) {
      return;
    }
    Dice dice = world.dice();
    int back = dice.oneIn(4) ? dice.below(Math.min(4, known.size())) : 0;
    Table seen = known.get(known.size() - 1 - back);
    SimLog log = Objects.requireNonNull(world.log(seen.getTableId()));
    if (dice.oneIn(12)) {
      log.skip(dice.below(log.partitions()), dice.oneIn(20) ? 2_000 : 1 + dice.below(3));
    }
    if (dice.oneIn(60)) {
      poison(seen, log, dice.below(log.partitions()));
    } else {
      write(seen, log);
    }
  }

  private void poison(Table seen, SimLog log, int partition) {
    int partitions = log.partitions();
    SimLog.Place place = log.append(partition, new byte[] {1}, new byte[] {7, 7}, world.now());
    int lowest = (partition * VirtualShards.COUNT + partitions - 1) / partitions;
    world.model(seen.getTableId()).unreadable(place, lowest);
  }

  private void write(Table seen, SimLog log) {
    Dice dice = world.dice();
    long key = dice.any(Keys.of(seen));
    RowChange.Op op =
        dice.any(
            List.of(
                RowChange.Op.INSERT,
                RowChange.Op.INSERT,
                RowChange.Op.UPSERT,
                RowChange.Op.UPDATE,
                RowChange.Op.DELETE));
    int keyColumn = seen.getPrimaryKey().get(0);
    Map<Integer, @Nullable Object> set = new HashMap<>();
    List<Integer> ids = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (Column column : seen.getColumns()) {
      boolean isKey = column.getId() == keyColumn;
      if (isKey || op != RowChange.Op.DELETE && !dice.oneIn(3)) {
        Object value = isKey ? (Object) key : value(column);
        ids.add(column.getId());
        values.add(value);
        set.put(column.getId(), value);
      }
    }
    Model model = world.model(seen.getTableId());
    Long ifVersion =
        op != RowChange.Op.INSERT && dice.oneIn(5) ? (Long) anyVersion(model, key) : null;
    SimRegistry.Writing writing = world.registry().writing(seen);
    byte[] value =
        writing
            .codec()
            .encode(
                writing.schemaId(),
                new RowChange(
                    op,
                    ifVersion,
                    writing.codec().version(),
                    new RowChange.ColumnValues(ids, values)));
    byte[] canonical = CanonicalKey.of(List.of(key));
    int partition = VirtualShards.partitionOf(VirtualShards.of(canonical), seen.getPartitions());
    SimLog.Place place = log.append(partition, canonical, value, world.now());
    model.written(place, new Model.Write(op, key, set, ifVersion, seen));
    written++;
  }

  private long anyVersion(Model model, long key) {
    Model.Expected row = model.last(key);
    return row == null || world.dice().oneIn(3) ? world.dice().below(50) : row.version();
  }

  private @Nullable Object value(Column column) {
    Dice dice = world.dice();
    if (dice.oneIn(5)) {
      return null;
    }
    return switch (column.getType()) {
      case INTEGER -> (Object) (long) dice.below(5);
      case BIGINT -> (Object) (dice.below(5) + (1L << 40));
      case FLOAT, DOUBLE -> (Object) (dice.below(5) + 0.5);
      case VARCHAR -> dice.oneIn(8) ? "much too long" : "v" + dice.below(5);
      default -> "t" + dice.below(5);
    };
  }
}
