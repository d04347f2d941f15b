package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whoever gives commands: makes a table, alters it, reshards it, and changes their mind. */
final class Operator {
  private static final int MOST_SHARDS = 32;
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

  private final World world;
  private int number;

  Operator(World world) {
    this.world = world;
  }

  /** Gives a command; its id. */
  String give(Object operation) {
    String id = "c" + ++number;
    world
        .control()
        .give(
            DdlCommand.newBuilder()
                .setId(id)
                .setDatabase(ControlPlane.DATABASE)
                .setDependsOn(List.of())
                .setIssuedBy("simulation")
                .setOperation(operation)
                .build());
    return id;
  }

  /**
   * Makes a table; the id of the command.
   *
   * @param replicas nodes that shall hold each row
   * @param range whether it is divided by shard key
   */
  String create(String table, int replicas, boolean range) {
    return give(
        CreateTable.newBuilder()
            .setTable(table)
            .setType(TableType.REGULAR)
            .setColumns(
                List.of(
                    new ColumnDefinition("id", TypeName.BIGINT, null, true, null),
                    new ColumnDefinition("a", TypeName.INTEGER, null, true, null),
                    new ColumnDefinition("b", TypeName.TEXT, null, true, "none")))
            .setPrimaryKey(List.of("id"))
            .setShards(range ? 1 : shards())
            .setPartitions(world.dice().any(List.of(1, 2, 4)))
            .setStrategy(range ? Strategy.RANGE : Strategy.HASH)
            .setSplitAt(range ? splitPoints() : List.of())
            .setReplicas(replicas)
            .build());
  }

  private List<ByteBuffer> splitPoints() {
    return Keys.of(Strategy.RANGE).stream()
        .filter(key -> world.dice().oneIn(8))
        .map(key -> ByteBuffer.wrap(Keys.ordered(key)))
        .toList();
  }

  boolean wasRefused(String commandId) {
    DdlResult result = world.control().results().get(commandId);
    return result != null && result.getStatus() == DdlStatus.REJECTED;
  }

  /** Mostly few, so that a run has time for several reshards. */
  private int shards() {
    return world.dice().oneIn(8)
        ? world.dice().between(1, MOST_SHARDS)
        : world.dice().between(1, 4);
  }

  /** A command about one of the tables. */
  void command() {
    Optional<Table> table = anyTable();
    if (table.isPresent()) {
      give(operation(table.get()));
    }
  }

  private Optional<Table> anyTable() {
    List<String> ids = List.copyOf(world.tableIds());
    return ids.isEmpty() ? Optional.empty() : world.table(world.dice().any(ids));
  }

  private Object operation(Table table) {
    Dice dice = world.dice();
    return switch (dice.below(22)) {
      case 0, 1, 2, 3, 4 -> new ReshardTable(table.getName(), shards(), options(), dice.oneIn(10));
      case 5, 6, 7, 8, 9 -> new AlterTable(table.getName(), false, change(table));
      case 10, 11, 12, 13, 14, 15 -> control();
      case 16 -> new ThrottleReshard(anyReshard(), (long) dice.below(2) * 1_000, 5_000L);
      case 17 -> new MoveShard(table.getName(), anyShard(table), anyNode().id(), options());
      case 18 -> new DrainNode(anyNode().id());
      case 19 -> new UndrainNode(anyNode().id());
      case 20 -> new Rebalance(dice.oneIn(2) ? null : table.getName(), false);
      default -> new VerifyTable(table.getName(), options(), dice.oneIn(2));
    };
  }

  private @Nullable ReshardOptions options() {
    Dice dice = world.dice();
    return dice.oneIn(2)
        ? null
        : new ReshardOptions(null, dice.oneIn(3) ? 20_000L : null, dice.oneIn(4), dice.oneIn(2));
  }

  private SimNode anyNode() {
    return world.dice().any(world.nodes());
  }

  private int anyShard(Table table) {
    Topology topology = world.checker().topology(table.getTableId());
    List<Shard> active = topology == null ? List.of() : TopologyChecks.active(topology);
    return active.isEmpty() ? 0 : world.dice().any(active).getId();
  }

  private String anyReshard() {
    return lastReshard().map(Reshard::getChangeLogId).orElse("none");
  }

  /** Mostly the one that runs or ran last. */
  private Optional<Reshard> lastReshard() {
    List<Reshard> known = List.copyOf(world.checker().reshards().reshards().values());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        world.dice().oneIn(5)
            ? world.dice().any(known)
            : Collections.max(known, Comparator.comparing(Reshard::getStartedAt)));
  }

  /** Mostly what can be asked of a reshard where it is. */
  private ControlReshard control() {
    Dice dice = world.dice();
    List<ReshardVerb> verbs = List.of(ReshardVerb.values());
    Optional<Reshard> reshard = lastReshard();
    if (reshard.isPresent() && !dice.oneIn(4)) {
      verbs =
          switch (reshard.get().getStatus()) {
            case QUEUED, COPYING, REPLAYING ->
                List.of(ReshardVerb.PAUSE, ReshardVerb.RESUME, ReshardVerb.CANCEL);
            case VERIFYING -> List.of(ReshardVerb.PAUSE, ReshardVerb.RESUME, ReshardVerb.SWITCH);
            case SWITCHING -> List.of(ReshardVerb.ROLLBACK, ReshardVerb.COMPLETE);
            default -> List.of(ReshardVerb.RETRY);
          };
    }
    return new ControlReshard(reshard.map(Reshard::getChangeLogId).orElse("none"), dice.any(verbs));
  }

  private Object change(Table table) {
    Dice dice = world.dice();
    String name = dice.any(NAMES);
    List<Column> others =
        table.getColumns().stream().filter(c -> !c.getName().equals("id")).toList();
    String there = others.isEmpty() ? name : dice.any(others).getName();
    return switch (dice.below(10)) {
      case 0, 1 -> new AddColumn(definition(name), false);
      case 2 -> new DropColumn(there, false, false);
      case 3 -> new RenameColumn(there, name, false);
      case 4 ->
          new AlterColumnType(
              there, false, dice.oneIn(2) ? TypeName.BIGINT : TypeName.DOUBLE, null, false);
      case 5 -> new AlterColumnDefault(there, false, null);
      case 6 -> new SetReplicas(world.dice().between(1, Math.min(3, world.nodes().size() - 1)));
      default -> new AlterColumnNullability(there, false, dice.oneIn(3));
    };
  }

  private ColumnDefinition definition(String name) {
    Dice dice = world.dice();
    boolean nullable = !dice.oneIn(3);
    boolean without = nullable && dice.oneIn(2);
    return switch (dice.below(4)) {
      case 0 -> new ColumnDefinition(name, TypeName.INTEGER, null, nullable, without ? null : 7L);
      case 1 -> new ColumnDefinition(name, TypeName.FLOAT, null, nullable, without ? null : 0.25);
      case 2 -> new ColumnDefinition(name, TypeName.VARCHAR, 5, nullable, without ? null : "five");
      default -> new ColumnDefinition(name, TypeName.TEXT, null, nullable, without ? null : "?");
    };
  }

  /** Says of all that waits for a person that it may go on. */
  void letEverythingGoOn() {
    for (var reshard : world.control().state().reshards()) {
      give(new ControlReshard(reshard.getChangeLogId(), ReshardVerb.RESUME));
      give(new ControlReshard(reshard.getChangeLogId(), ReshardVerb.SWITCH));
    }
    if (world.nodes().stream().anyMatch(node -> !node.isUp())) {
      completeWhatWaitsForALostNode();
    }
    world.nodes().forEach(node -> give(new UndrainNode(node.id())));
  }

  private void completeWhatWaitsForALostNode() {
    for (var reshard : world.control().state().reshards()) {
      if (reshard.getStatus() == ReshardStatus.SWITCHING) {
        give(new ControlReshard(reshard.getChangeLogId(), ReshardVerb.COMPLETE));
      }
    }
  }
}
