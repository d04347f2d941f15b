package dev.shardstream.systemtests.fuzz;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.event.VerifyTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Commands, and what else the control plane reads, with nonsense in some of their fields. */
final class FuzzCommands {
  private static final List<String> TABLES = List.of("orders", "users", "Orders");
  private static final List<String> COLUMNS = List.of("id", "note", "price");

  private final Mangler mangler;
  private int number;

  FuzzCommands(Mangler mangler) {
    this.mangler = mangler;
  }

  DdlCommand command() {
    List<String> dependsOn = new ArrayList<>();
    for (int i = mangler.chance(0.1) ? Math.abs(mangler.small() % 120) : 0; i > 0; i--) {
      dependsOn.add(mangler.chance(0.5) ? "c" + number : mangler.nonsense());
    }
    String id = "c" + (mangler.chance(0.1) ? number : ++number);
    return DdlCommand.newBuilder()
        .setId(mangler.chance(0.03) ? mangler.nonsense() : id)
        .setDatabase(mangler.chance(0.03) ? mangler.nonsense() : "shop")
        .setDependsOn(dependsOn)
        .setExpectedSchemaVersion(mangler.chance(0.05) ? mangler.small() : null)
        .setIssuedBy(text("fuzz"))
        .setOperation(operation())
        .build();
  }

  private Object operation() {
    return switch (Math.abs(mangler.small() % 16)) {
      case 0 -> new CreateNamespace(mangler.chance(0.5));
      case 1 -> new DropNamespace(mangler.chance(0.5));
      case 2, 3 -> create();
      case 4 -> new DropTable(table(), mangler.chance(0.5), mangler.chance(0.5), null);
      case 5, 6, 7 -> new AlterTable(table(), mangler.chance(0.5), change());
      case 8 ->
          new CreateIndex(
              table(),
              text("by_note"),
              mangler.chance(0.5),
              columns(),
              mangler.chance(0.5),
              text("why"));
      case 9 -> new ReshardTable(table(), mangler.small(), options(), mangler.chance(0.5));
      case 10 -> new ControlReshard(text("shop-r1"), mangler.oneOf(List.of(ReshardVerb.values())));
      case 11 -> new ThrottleReshard(text("shop-r1"), mangler.number(), mangler.number());
      case 12 -> new MoveShard(table(), mangler.small(), text("a"), options());
      case 13 -> new DrainNode(text("a"));
      case 14 -> new Rebalance(mangler.chance(0.5) ? null : table(), mangler.chance(0.5));
      default -> new VerifyTable(table(), options(), mangler.chance(0.5));
    };
  }

  private String text(String right) {
    return mangler.chance(0.1) ? mangler.nonsense() : right;
  }

  private String table() {
    return text(mangler.oneOf(TABLES));
  }

  private List<String> columns() {
    List<String> columns = new ArrayList<>();
    for (int i = Math.abs(mangler.small() % 4); i > 0; i--) {
      columns.add(text(mangler.oneOf(COLUMNS)));
    }
    return columns;
  }

  private ReshardOptions options() {
    return mangler.chance(0.5)
        ? null
        : new ReshardOptions(
            mangler.number(), mangler.number(), mangler.chance(0.5), mangler.chance(0.5));
  }

  private CreateTable create() {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (String name : COLUMNS) {
      columns.add(column(name));
    }
    boolean isRange = mangler.chance(0.2);
    return CreateTable.newBuilder()
        .setTable(table())
        .setIfNotExists(mangler.chance(0.5))
        .setType(
            mangler.chance(0.1) ? mangler.oneOf(List.of(TableType.values())) : TableType.REGULAR)
        .setColumns(columns)
        .setPrimaryKey(mangler.chance(0.8) ? List.of("id") : columns())
        .setShards(mangler.chance(0.8) ? 2 : mangler.small())
        .setPartitions(mangler.chance(0.8) ? 4 : mangler.small())
        .setStrategy(isRange ? Strategy.RANGE : Strategy.HASH)
        .setSplitAt(
            isRange
                ? List.of(ByteBuffer.wrap(mangler.mangled(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 9})))
                : List.of())
        .build();
  }

  private ColumnDefinition column(String name) {
    return ColumnDefinition.newBuilder()
        .setName(text(name))
        .setType(mangler.chance(0.7) ? TypeName.BIGINT : mangler.oneOf(List.of(TypeName.values())))
        .setLength(mangler.chance(0.1) ? mangler.small() : null)
        .setNullable(!name.equals("id") || mangler.chance(0.1))
        .setDefaultValue(value())
        .build();
  }

  private Object value() {
    if (mangler.chance(0.7)) {
      return null;
    }
    return mangler.oneOf(
        List.of(
            mangler.number(),
            Double.longBitsToDouble(mangler.number()),
            mangler.nonsense(),
            true,
            ByteBuffer.wrap(new byte[] {1, 2})));
  }

  private Object change() {
    return switch (Math.abs(mangler.small() % 5)) {
      case 0 -> new AddColumn(column("c" + Math.abs(mangler.small() % 9)), mangler.chance(0.5));
      case 1 ->
          new DropColumn(text(mangler.oneOf(COLUMNS)), mangler.chance(0.5), mangler.chance(0.5));
      case 2 ->
          new RenameColumn(text(mangler.oneOf(COLUMNS)), text("renamed"), mangler.chance(0.5));
      case 3 -> new SetReplicas(mangler.small());
      default -> new CommentOnTable(mangler.chance(0.1) ? "x".repeat(400_000) : mangler.nonsense());
    };
  }

  LiveQuery liveQuery() {
    return LiveQuery.newBuilder()
        .setId(text("q1"))
        .setDatabase(text("shop"))
        .setTableId(text("shop-orders-1"))
        .setTable(table())
        .setColumns(List.of(mangler.small()))
        .setState(mangler.oneOf(List.of(LiveQueryState.values())))
        .setSql(mangler.nonsense())
        .setIssuedBy(mangler.nonsense())
        .setStartedAt(mangler.number())
        .setHeartbeatAt(mangler.number())
        .build();
  }

  Node node(String id) {
    List<ShardReport> reports = new ArrayList<>();
    for (int i = Math.abs(mangler.small() % 4); i > 0; i--) {
      reports.add(
          ShardReport.newBuilder()
              .setTableId(text("shop-orders-1"))
              .setShardId(mangler.small())
              .setState(mangler.oneOf(List.of(ShardState.values())))
              .setSchemaVersion(mangler.small())
              .setRows(mangler.number())
              .setBytes(mangler.number())
              .setAppliedChanges(mangler.number())
              .setPartitions(
                  List.of(new PartitionLag(mangler.small(), mangler.number(), mangler.number())))
              .build());
    }
    return Node.newBuilder()
        .setNodeId(mangler.chance(0.9) ? id : mangler.nonsense())
        .setIncarnation(mangler.nonsense())
        .setEndpoint(text("http://a:1"))
        .setState(mangler.oneOf(List.of(NodeState.values())))
        .setHeartbeatAt(mangler.number())
        .setFreeBytes(mangler.number())
        .setCapacityBytes(mangler.number())
        .setShards(reports)
        .build();
  }
}
