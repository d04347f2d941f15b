package dev.shardstream.streams.http;

import dev.shardstream.schemas.serving.RouteAccess;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.streams.http.Route.Parameter;
import dev.shardstream.streams.view.CommandBody;
import dev.shardstream.streams.view.Lists;
import dev.shardstream.streams.view.ReshardBody;
import dev.shardstream.streams.view.TableDetail;
import io.javalin.http.sse.SseHandler;
import java.util.List;

/** Every route of the API: what it is, what it needs, who answers. */
final class ApiRoutes {
  static final String EVENTS = "/v1/events";
  static final String OPEN_API = "/v1/openapi.json";

  private static final String DATABASE = "/v1/databases/{database}";
  private static final String TABLE = DATABASE + "/tables/{table}";
  private static final String NODE = DATABASE + "/nodes/{node}";
  private static final String RESHARDS = DATABASE + "/reshards";
  private static final String RESHARD = RESHARDS + "/{reshard}";

  private ApiRoutes() {}

  static List<Route> of(Reads reads, Commands commands, EventStream events, OpenApi openApi) {
    return List.of(
        Route.get(
            "/v1/databases",
            "listDatabases",
            "All databases.",
            Lists.Databases.class,
            reads::databases),
        Route.get(
            DATABASE + "/tables",
            "listTables",
            "The tables of a database.",
            Lists.Tables.class,
            reads::tables),
        Route.get(
            TABLE,
            "getTable",
            "A table: columns, keys, indexes and shards.",
            TableDetail.class,
            reads::table),
        Route.get(
            TABLE + "/history",
            "getHistory",
            "Every version that a table has had.",
            Lists.Versions.class,
            reads::history),
        Route.get(
            DATABASE + "/topology",
            "getTopology",
            "The shards of all tables: what they hold, where they are and how far.",
            Lists.Topologies.class,
            reads::topologies),
        Route.get(
            RESHARDS,
            "listReshards",
            "Reshards that run, and of each table some that have ended.",
            Lists.Reshards.class,
            reads::reshards),
        Route.get(RESHARD, "getReshard", "A reshard.", ReshardBody.class, reads::reshard),
        Route.get(
                DATABASE + "/ddl",
                "listCommands",
                "Commands with what became of them, the newest in front.",
                Lists.Commands.class,
                reads::commands)
            .with(
                new Parameter(
                    "query",
                    "limit",
                    "integer",
                    "Most commands, 1 to %d; %d when it is left out."
                        .formatted(Reads.MOST_COMMANDS, Reads.COMMANDS_BY_DEFAULT))),
        Route.get(
            DATABASE + "/ddl/{command}",
            "getCommand",
            "A command with what became of it.",
            CommandBody.class,
            reads::command),
        Route.get("/v1/nodes", "listNodes", "All nodes.", Lists.Nodes.class, reads::nodes),
        command(
            Route.post(
                RESHARDS,
                "startReshard",
                "Changes the shard count of a table while it is written, or tells the plan.",
                StartReshard.class,
                commands::startReshard)),
        command(
            Route.post(
                RESHARD + "/throttle",
                "throttleReshard",
                "Changes how fast a reshard copies.",
                ThrottleBody.class,
                commands::throttle)),
        command(
            Route.post(
                RESHARD + "/{verb}",
                "controlReshard",
                "Tells a reshard to pause, resume, switch, cancel, rollback, complete or retry.",
                null,
                commands::control)),
        command(
            Route.post(
                TABLE + "/moves",
                "moveShard",
                "Makes a shard anew on another node and drops it where it is.",
                MoveBody.class,
                commands::moveShard)),
        command(
            Route.post(
                NODE + "/drain",
                "drainNode",
                "Puts no new shard of the database on a node, and moves away those it has.",
                null,
                commands::drain)),
        command(
            Route.post(
                NODE + "/undrain",
                "undrainNode",
                "Lets a node that was drained take shards of the database again.",
                null,
                commands::undrain)),
        command(
            Route.post(
                DATABASE + "/rebalance",
                "rebalance",
                "Spreads shards evenly over the nodes by few moves, or tells the plan.",
                RebalanceBody.class,
                commands::rebalance)),
        Route.get(
                EVENTS,
                "watchEvents",
                "Everything that changes, as server-sent events: table, reshard, command, nodes;"
                    + " and reset, upon which everything is to be read again.",
                null,
                new SseHandler(events::open))
            .with(
                new Parameter(
                    "header", "Last-Event-ID", "string", "Goes on after the event of that id.")),
        Route.get(OPEN_API, "getOpenApi", "This description.", null, openApi::answer)
            .needing(RouteAccess.OPEN));
  }

  private static Route command(Route route) {
    return route
        .with(
            new Parameter(
                "header",
                Commands.KEY,
                "string",
                "The command's id: the same command given again has no further effect."))
        .with(
            new Parameter(
                "header",
                TraceHeaders.HTTP_CORRELATION_ID,
                "string",
                "What the log lines of all processes about the command have in common; the answer"
                    + " has it too. Without it, the trace id of traceparent or the command's id."))
        .with(
            new Parameter(
                "header",
                TraceHeaders.TRACEPARENT,
                "string",
                "W3C trace context, passed along with tracestate in Kafka's headers."))
        .with(
            new Parameter(
                "query",
                "wait",
                "integer",
                "Seconds to wait for the outcome, 0 to %d.".formatted(Commands.MOST_WAIT_SECONDS)));
  }
}
