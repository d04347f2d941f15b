package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.TableDefinitions;
import dev.shardstream.producer.query.Router;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.event.DdlResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Executes statements: says who does what, and answers rows. */
final class StatementExecution {
  private final ClientConfig config;
  private final TableOperations tables;
  private final ChangeExecution changes;
  private final Router router;
  private final Session session;

  StatementExecution(
      ClientConfig config,
      TableOperations tables,
      ChangeExecution changes,
      Router router,
      Session session) {
    this.config = config;
    this.tables = tables;
    this.changes = changes;
    this.router = router;
    this.session = session;
  }

  /**
   * @param parameters stored values, as many as the statement takes
   */
  Result execute(Statement statement, List<@Nullable Object> parameters) {
    if (statement instanceof Statement.Read read) {
      return read(read, parameters);
    }
    if (statement instanceof Statement.Change change) {
      return changes.execute(change, parameters);
    }
    return define((Statement.Definition) statement);
  }

  private Result read(Statement.Read statement, List<@Nullable Object> parameters) {
    if (statement instanceof SelectStatement select) {
      return Result.of(router.select(select, parameters, session));
    }
    if (statement instanceof Statement.DescribeTable describe) {
      return Reports.description(tables.describe(describe.table().toString()));
    }
    if (statement instanceof Statement.ShowTableStats stats) {
      return Reports.stats(tables.getStats(stats.table().toString()));
    }
    return statement instanceof Statement.ShowTables
        ? Reports.tables(tables.list())
        : Reports.reshards(tables.reshards());
  }

  private Result define(Statement.Definition statement) {
    if (statement instanceof Statement.CreateTable create) {
      return answer(
          tables.create(
              create.table().database(), TableDefinitions.of(create, config.logPartitions())));
    }
    if (statement instanceof Statement.DropTable drop) {
      return answer(tables.drop(drop.table(), drop.ifExists()));
    }
    Statement.ReshardTable reshard = (Statement.ReshardTable) statement;
    ReshardInfo queued = tables.reshard(reshard.table(), reshard.shardCount());
    return Result.row(
        List.of(
            "change_log_id",
            "status",
            "message",
            "table_name",
            "source_shard_count",
            "target_shard_count"),
        queued.changeLogId(),
        "queued",
        "Table '%s' will go from %d to %d shards; SHOW RESHARDS tells how far it is"
            .formatted(queued.tableName(), queued.sourceShards(), queued.targetShards()),
        queued.tableName(),
        (long) queued.sourceShards(),
        (long) queued.targetShards());
  }

  private static Result answer(DdlResult result) {
    Integer version = result.getSchemaVersion();
    return Result.row(
        List.of("command_id", "status", "table_name", "table_id", "schema_version"),
        result.getCommandId(),
        TableFacts.lower(result.getStatus()),
        result.getTable(),
        result.getTableId(),
        version == null ? null : (Object) version.longValue());
  }
}
