package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.StatementOperations;
import dev.shardstream.producer.live.LiveQueries;
import dev.shardstream.producer.query.Router;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.sql.Report;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.UndrainNode;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Executes statements: says who does what, and answers rows. */
final class StatementExecution {
  private final ClientConfig config;
  private final TableOperations tables;
  private final ReshardOperations reshards;
  private final NodeOperations nodes;
  private final DdlOperations ddl;
  private final Definitions definitions;
  private final LiveQueries liveQueries;
  private final ChangeExecution changes;
  private final Router router;
  private final Session session;

  StatementExecution(
      ClientConfig config,
      TableOperations tables,
      ReshardOperations reshards,
      NodeOperations nodes,
      DdlOperations ddl,
      Definitions definitions,
      LiveQueries liveQueries,
      ChangeExecution changes,
      Router router,
      Session session) {
    this.config = config;
    this.tables = tables;
    this.reshards = reshards;
    this.nodes = nodes;
    this.ddl = ddl;
    this.definitions = definitions;
    this.liveQueries = liveQueries;
    this.changes = changes;
    this.router = router;
    this.session = session;
  }

  /**
   * @param parameters stored values, as many as the statement takes
   */
  Result execute(Statement statement, List<@Nullable Object> parameters) {
    if (statement instanceof SelectStatement select) {
      return Result.of(router.select(select, parameters, session));
    }
    if (statement instanceof Report report) {
      return report(report);
    }
    if (statement instanceof Statement.Change change) {
      return changes.execute(change, parameters);
    }
    if (statement instanceof Statement.Definition definition) {
      return define(definition);
    }
    if (statement instanceof Statement.KillLiveQuery kill) {
      liveQueries.kill(kill.id());
      return Result.row(List.of("live_query_id", "status"), kill.id(), "killed");
    }
    throw new ShardstreamException(
        ErrorCode.UNSUPPORTED,
        "SUBSCRIBE as a statement with one answer: use 'shardstream sql', or subscribe() in Java");
  }

  private Result report(Report statement) {
    if (statement instanceof Report.DescribeTable describe) {
      String table = describe.table().toString();
      return describe.history()
          ? Reports.history(tables.history(table))
          : DescribeReport.of(tables.describe(table));
    }
    if (statement instanceof Report.ShowTables show) {
      return Reports.tables(tables.listTables(namespace(show.namespace())));
    }
    if (statement instanceof Report.ShowTableStats stats) {
      return Reports.stats(tables.getStats(stats.table().toString()));
    }
    if (statement instanceof Report.ShowIndexes show) {
      return Reports.indexes(tables.listIndexes(show.table().toString()));
    }
    if (statement instanceof Report.ShowNamespaces) {
      return Reports.namespaces(tables.listNamespaces());
    }
    if (statement instanceof Report.ShowLiveQueries) {
      return Reports.liveQueries(tables.liveQueries(), config.database());
    }
    if (statement instanceof Report.ShowDdl show) {
      String id = show.commandId();
      return Reports.commands(id == null ? ddl.getDdl() : ddl.getDdl(id), config.database());
    }
    return statement instanceof Report.ShowPendingDdl
        ? Reports.commands(ddl.getPendingDdl(), config.database())
        : shards(statement);
  }

  private Result shards(Report statement) {
    if (statement instanceof Report.ShowReshards show) {
      return Reports.reshards(matching(show.pattern()));
    }
    if (statement instanceof Report.ShowReshard show) {
      return ReshardReport.of(reshards.require(config.database(), show.changeLogId()));
    }
    return statement instanceof Report.ShowShards show
        ? Reports.shards(tables.getStats(show.table().toString()))
        : Reports.nodes(nodes.list());
  }

  private List<ReshardInfo> matching(@Nullable String pattern) {
    List<ReshardInfo> all = reshards.list();
    if (pattern == null) {
      return all;
    }
    Predicate<String> like = LikePattern.of(pattern);
    return all.stream().filter(reshard -> like.test(reshard.changeLogId())).toList();
  }

  private String namespace(@Nullable String written) {
    return written == null ? config.database() : written;
  }

  private Result define(Statement.Definition statement) {
    String namespace = statement.namespace();
    Object operation = StatementOperations.of(statement, config.logPartitions());
    if (operation instanceof ControlReshard control) {
      DdlResult done = reshards.control(namespace, control);
      return ReshardAnswers.controlled(control.getVerb(), done, reshards.controlled(control, done));
    }
    if (operation instanceof ThrottleReshard throttle) {
      return ReshardAnswers.throttled(throttle, reshards.throttle(namespace, throttle));
    }
    DdlResult result = definitions.publish(namespace, operation);
    if (operation instanceof ReshardTable reshard) {
      return reshard.getDryRun()
          ? ReshardAnswers.plan(ReshardOperations.planned(result))
          : ReshardAnswers.queued(reshards.started(result));
    }
    return Definitions.goesOn(operation) || operation instanceof UndrainNode
        ? ReshardAnswers.taken(CommandReceipt.of(result))
        : answer(result);
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
