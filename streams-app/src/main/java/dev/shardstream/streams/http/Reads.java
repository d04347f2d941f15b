package dev.shardstream.streams.http;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.view.ClusterState;
import dev.shardstream.streams.view.CommandBody;
import dev.shardstream.streams.view.Lists;
import dev.shardstream.streams.view.NodeBody;
import dev.shardstream.streams.view.ReshardBody;
import dev.shardstream.streams.view.TableBody;
import dev.shardstream.streams.view.TableDetail;
import dev.shardstream.streams.view.TopologyBody;
import dev.shardstream.streams.view.VersionBody;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers the GET requests of the API. */
final class Reads {
  static final int COMMANDS_BY_DEFAULT = 100;
  static final int MOST_COMMANDS = 1_000;

  private final Supplier<ClusterState> state;
  private final Forwarding forwarding;
  private final Function<String, List<SchemaVersion>> history;
  private final Limits limits;

  /**
   * @param state throws STATE_UNAVAILABLE before there is one
   * @param history the versions of a table by its id
   */
  Reads(
      Supplier<ClusterState> state,
      Forwarding forwarding,
      Function<String, List<SchemaVersion>> history,
      Limits limits) {
    this.state = state;
    this.forwarding = forwarding;
    this.history = history;
    this.limits = limits;
  }

  void databases(Context context) {
    TreeSet<String> names = new TreeSet<>(state.get().databases());
    if (!Forwarding.isForwarded(context)) {
      names.add("default");
      for (URI process : state.get().others()) {
        names.addAll(forwarding.read(context, process, Lists.Databases.class).databases());
      }
    }
    ok(context, new Lists.Databases(List.copyOf(names)));
  }

  void nodes(Context context) {
    ok(context, new Lists.Nodes(NodeBody.all(state.get().nodes(), limits)));
  }

  void tables(Context context) {
    ofDatabase(
        context,
        (now, database) -> {
          Map<String, Topology> topologies = topologies(now, database);
          Cluster nodes = now.nodes();
          return new Lists.Tables(
              now.tables(database).stream()
                  .sorted(Comparator.comparing(Table::getName, String.CASE_INSENSITIVE_ORDER))
                  .map(t -> TableBody.of(t, topologies.get(t.getTableId()), nodes))
                  .toList());
        });
  }

  void table(Context context) {
    ofDatabase(
        context,
        (now, database) -> {
          Table table = requireTable(now, database, context.pathParam("table"));
          return TableDetail.of(
              table, topologies(now, database).get(table.getTableId()), now.nodes());
        });
  }

  void history(Context context) {
    ofDatabase(
        context,
        (now, database) -> {
          Table table = requireTable(now, database, context.pathParam("table"));
          return new Lists.Versions(
              history.apply(table.getTableId()).stream().map(VersionBody::of).toList());
        });
  }

  void topologies(Context context) {
    ofDatabase(
        context,
        (now, database) -> {
          Cluster nodes = now.nodes();
          return new Lists.Topologies(
              now.topologies(database).stream().map(t -> TopologyBody.of(t, nodes)).toList());
        });
  }

  void reshards(Context context) {
    ofDatabase(
        context,
        (now, database) ->
            new Lists.Reshards(
                now.reshards(database).stream()
                    .sorted(
                        Comparator.comparingLong(Reshard::getStartedAt)
                            .thenComparing(Reshard::getChangeLogId)
                            .reversed())
                    .map(ReshardBody::of)
                    .toList()));
  }

  void reshard(Context context) {
    String id = context.pathParam("reshard");
    ofDatabase(
        context,
        (now, database) ->
            now.reshards(database).stream()
                .filter(reshard -> reshard.getChangeLogId().equals(id))
                .findFirst()
                .map(ReshardBody::of)
                .orElseThrow(() -> new ShardstreamException(ErrorCode.RESHARD_NOT_FOUND, id)));
  }

  void commands(Context context) {
    int limit = limit(context.queryParam("limit"));
    ofDatabase(
        context,
        (now, database) ->
            new Lists.Commands(
                now.results(database).stream()
                    .sorted(
                        Comparator.comparingLong(DdlResult::getAt)
                            .thenComparing(DdlResult::getCommandId)
                            .reversed())
                    .limit(limit)
                    .map(CommandBody::of)
                    .toList()));
  }

  void command(Context context) {
    String id = context.pathParam("command");
    ofDatabase(
        context,
        (now, database) ->
            now.result(database, id)
                .map(CommandBody::of)
                .orElseThrow(() -> new ShardstreamException(ErrorCode.DDL_NOT_FOUND, id)));
  }

  private static int limit(@Nullable String text) {
    int limit = text == null ? COMMANDS_BY_DEFAULT : WholeNumbers.parse("limit", text);
    if (limit < 1 || limit > MOST_COMMANDS) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "limit must be 1 to " + MOST_COMMANDS);
    }
    return limit;
  }

  /** Answers for a database: from the state that is kept here. */
  private interface Answer {
    Object of(ClusterState now, String database);
  }

  private void ofDatabase(Context context, Answer answer) {
    String database = database(context);
    ClusterState now = state.get();
    Optional<URI> elsewhere = now.keptElsewhere(database);
    if (elsewhere.isPresent()) {
      forwarding.pass(context, elsewhere.get());
    } else if (now.exists(database)) {
      ok(context, answer.of(now, database));
    } else {
      throw new ShardstreamException(ErrorCode.NAMESPACE_NOT_FOUND, database, database);
    }
  }

  /** The database of a request, spelled as its commands are keyed. */
  static String database(Context context) {
    return Names.requireUsable(context.pathParam("database")).toLowerCase(Locale.ROOT);
  }

  private static Map<String, Topology> topologies(ClusterState now, String database) {
    return now.topologies(database).stream()
        .collect(Collectors.toMap(Topology::getTableId, Function.identity()));
  }

  private static Table requireTable(ClusterState now, String database, String name) {
    return now.tables(database).stream()
        .filter(t -> t.getStatus() != TableStatus.DROPPING && Names.same(t.getName(), name))
        .findFirst()
        .orElseThrow(() -> new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, name));
  }

  private static void ok(Context context, Object body) {
    Answers.json(context, HttpStatus.OK, body);
  }
}
