package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.TypeName;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Commands for tests: a small table, its reshard, its end. */
public final class Commands {
  private Commands() {}

  public static CreateTable.Builder table(String name, int shards) {
    return CreateTable.newBuilder()
        .setTable(name)
        .setType(TableType.REGULAR)
        .setColumns(
            List.of(
                ColumnDefinition.newBuilder().setName("id").setType(TypeName.BIGINT).build(),
                ColumnDefinition.newBuilder().setName("note").setType(TypeName.TEXT).build()))
        .setPrimaryKey(List.of("id"))
        .setShards(shards)
        .setPartitions(4)
        .setStrategy(Strategy.HASH);
  }

  public static DdlCommand create(String id, String table, int shards) {
    return of(id, table(table, shards).build());
  }

  /** A RANGE table that is split at some values of its shard key. */
  public static CreateTable.Builder rangeTable(String name, long... splitAt) {
    return table(name, 1)
        .setStrategy(Strategy.RANGE)
        .setSplitAt(
            LongStream.of(splitAt)
                .mapToObj(at -> ByteBuffer.wrap(OrderedKey.of(List.of(at))))
                .toList());
  }

  public static DdlCommand createRange(String id, String table, long... splitAt) {
    return of(id, rangeTable(table, splitAt).build());
  }

  public static DdlCommand drop(String id, String table) {
    return of(id, new DropTable(table, false, false, null));
  }

  public static DdlCommand reshard(String id, String table, int shards) {
    return of(id, new ReshardTable(table, shards, null, false));
  }

  public static DdlCommand reshard(
      String id, String table, int shards, @Nullable ReshardOptions options) {
    return of(id, new ReshardTable(table, shards, options, false));
  }

  public static DdlCommand explain(
      String id, String table, int shards, @Nullable ReshardOptions options) {
    return of(id, new ReshardTable(table, shards, options, true));
  }

  public static DdlCommand control(String id, String changeLogId, ReshardVerb verb) {
    return of(id, new ControlReshard(changeLogId, verb));
  }

  public static DdlCommand throttle(
      String id, String changeLogId, long rowsPerSecond, @Nullable Long forMillis) {
    return of(id, new ThrottleReshard(changeLogId, rowsPerSecond, forMillis));
  }

  public static DdlCommand alter(String id, String table, Object change) {
    return of(id, new AlterTable(table, false, change));
  }

  public static DdlCommand index(String id, String index, boolean unique, String... columns) {
    return of(id, new CreateIndex("orders", index, unique, List.of(columns), false, null));
  }

  public static DdlCommand of(String id, Object operation, String... dependsOn) {
    return DdlCommand.newBuilder()
        .setId(id)
        .setDatabase("shop")
        .setDependsOn(List.of(dependsOn))
        .setIssuedBy("test")
        .setOperation(operation)
        .build();
  }
}
