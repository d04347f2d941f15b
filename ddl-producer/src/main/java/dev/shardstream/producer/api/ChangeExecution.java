package dev.shardstream.producer.api;

import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.query.QueryResult;
import dev.shardstream.producer.query.Router;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.producer.write.PreparedChange;
import dev.shardstream.producer.write.RowChanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange.Op;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * INSERT, UPDATE and DELETE as row changes. All rows of a statement are checked before the first is
 * written; after that each row is decided alone by its shard.
 */
final class ChangeExecution {
  private final String database;
  private final Metadata metadata;
  private final Router router;
  private final Session session;
  private final ChangeSender sender;
  private final Duration tableWait;
  private final Duration computeTime;
  private final Clock clock;

  /**
   * @param tableWait how long a statement waits for a table that is not known yet
   * @param computeTime how long its constants may take, all together
   */
  ChangeExecution(
      String database,
      Metadata metadata,
      Router router,
      Session session,
      ChangeSender sender,
      Duration tableWait,
      Duration computeTime,
      Clock clock) {
    this.database = database;
    this.metadata = metadata;
    this.router = router;
    this.session = session;
    this.sender = sender;
    this.tableWait = tableWait;
    this.computeTime = computeTime;
    this.clock = clock;
  }

  /**
   * @param parameters stored values, as many as the statement takes
   */
  Result execute(Statement.Change statement, List<@Nullable Object> parameters) {
    QualifiedName name = statement.table();
    String written = name.database();
    RowChanges changes =
        new RowChanges(
            metadata.awaitTable(written == null ? database : written, name.name(), tableWait));
    changes.requireTakes(op(statement));
    try (ConstantValues constants =
        new ConstantValues(
            statement.parameters(),
            parameters,
            LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC),
            computeTime)) {
      if (statement instanceof Statement.Insert insert) {
        return Result.affected(sender.sendInserts(rows(insert, changes, constants)));
      }
      List<PreparedChange> prepared =
          statement instanceof Statement.Update update
              ? updates(update, changes, constants, parameters)
              : deletes((Statement.Delete) statement, changes, constants, parameters);
      return Result.affected(sender.sendToExisting(prepared));
    }
  }

  private static Op op(Statement.Change statement) {
    if (statement instanceof Statement.Insert insert) {
      return insert.upsert() ? Op.UPSERT : Op.INSERT;
    }
    return statement instanceof Statement.Update ? Op.UPDATE : Op.DELETE;
  }

  private static List<PreparedChange> rows(
      Statement.Insert insert, RowChanges changes, ConstantValues constants) {
    Table table = changes.table();
    List<Column> columns =
        insert.columns().isEmpty() ? table.getColumns() : changes.columns(insert.columns());
    List<PreparedChange> prepared = new ArrayList<>(insert.rows().size());
    for (List<Expr> row : insert.rows()) {
      List<@Nullable Object> values = new ArrayList<>(row.size());
      for (Expr value : row) {
        values.add(constants.valueOf(value, table.getName()));
      }
      prepared.add(changes.row(op(insert), columns, values));
    }
    return prepared;
  }

  private List<PreparedChange> updates(
      Statement.Update update,
      RowChanges changes,
      ConstantValues constants,
      List<@Nullable Object> parameters) {
    Table table = changes.table();
    List<Column> columns =
        changes.columns(update.assignments().stream().map(Statement.Assignment::column).toList());
    columns.forEach(changes::requireNoKeyColumn);
    List<Expr> exprs = update.assignments().stream().map(Statement.Assignment::value).toList();
    boolean constant = exprs.stream().allMatch(ConstantValues::isConstant);
    Optional<List<List<Object>>> keys =
        constant
            ? pins(table, update.table(), update.alias(), constants).of(update.where())
            : Optional.empty();
    if (keys.isPresent()) {
      List<@Nullable Object> values = new ArrayList<>();
      exprs.forEach(expr -> values.add(constants.valueOf(expr, table.getName())));
      return distinct(
          keys.get().stream().map(key -> changes.update(key, columns, values)).toList());
    }
    String sql = reading(table, update.table(), update.alias(), exprs, update.where());
    int keySize = table.getPrimaryKey().size();
    return read(sql, parameters).rows().stream()
        .map(
            row ->
                changes.update(row.subList(0, keySize), columns, row.subList(keySize, row.size())))
        .toList();
  }

  private List<PreparedChange> deletes(
      Statement.Delete delete,
      RowChanges changes,
      ConstantValues constants,
      List<@Nullable Object> parameters) {
    Table table = changes.table();
    Optional<List<List<Object>>> keys =
        pins(table, delete.table(), delete.alias(), constants).of(delete.where());
    if (keys.isPresent()) {
      return distinct(keys.get().stream().map(changes::delete).toList());
    }
    String sql = reading(table, delete.table(), delete.alias(), List.of(), delete.where());
    return read(sql, parameters).rows().stream().map(changes::delete).toList();
  }

  private static KeyPins pins(
      Table table, QualifiedName name, @Nullable String alias, ConstantValues constants) {
    return new KeyPins(table, name, alias, expr -> constants.valueOf(expr, table.getName()));
  }

  /** IN (1, 1) names a row once. */
  private static List<PreparedChange> distinct(List<PreparedChange> changes) {
    Set<ByteBuffer> seen = new HashSet<>();
    return changes.stream().filter(change -> seen.add(ByteBuffer.wrap(change.key()))).toList();
  }

  private QueryResult read(String sql, List<@Nullable Object> parameters) {
    if (SqlParser.parse(sql) instanceof SelectStatement select) {
      return router.select(select, parameters, session);
    }
    throw new ShardstreamException(ErrorCode.INTERNAL, "no SELECT: " + sql);
  }

  /**
   * Reads keys and new values of the rows that a change is for. The pieces of the statement keep
   * their order, and so its parameters keep their numbers.
   */
  private static String reading(
      Table table,
      QualifiedName name,
      @Nullable String alias,
      List<Expr> values,
      @Nullable Expr where) {
    String exposed = Identifiers.quote(alias == null ? name.name() : alias);
    List<String> items = new ArrayList<>();
    for (Column column : Tables.primaryKey(table)) {
      items.add(exposed + "." + Identifiers.quote(column.getName()));
    }
    values.forEach(value -> items.add("(" + value.text() + ")"));
    String from =
        (name.database() == null ? "" : Identifiers.quote(name.database()) + ".")
            + Identifiers.quote(name.name())
            + (alias == null ? "" : " AS " + Identifiers.quote(alias));
    return "SELECT "
        + String.join(", ", items)
        + " FROM "
        + from
        + (where == null ? "" : " WHERE (" + where.text() + ")");
  }
}
