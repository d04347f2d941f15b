package dev.shardstream.streams.http;

import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serving.GuardedServer;
import dev.shardstream.schemas.serving.HttpErrors;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.streams.view.CommandBody;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers the POST requests of the API: each becomes one command. With an {@code Idempotency-Key}
 * that is the command's id, so that a client without an answer can ask again.
 */
final class Commands {
  static final String KEY = "Idempotency-Key";
  static final int MOST_WAIT_SECONDS = 60;

  private static final String ISSUER = "http";
  private static final int LONGEST_KEY = 200;

  static {
    Events.trust(DdlCommand.class);
  }

  private final CommandPort port;
  private final GuardedServer server;

  /**
   * @param server reads bodies within its limit
   */
  Commands(CommandPort port, GuardedServer server) {
    this.port = port;
    this.server = server;
  }

  void startReshard(Context context) {
    StartReshard body = body(context, StartReshard.class);
    if (body.table() == null) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "table is missing");
    }
    ReshardOptions options =
        options(body.rowsPerSecond(), body.graceMillis(), body.manualCutover(), body.repair());
    publish(
        context,
        new ReshardTable(body.table(), body.targetShards(), options, isTrue(body.dryRun())));
  }

  void control(Context context) {
    GuardedServer.requireJson(context);
    String word = context.pathParam("verb");
    ReshardVerb verb =
        Arrays.stream(ReshardVerb.values())
            .filter(v -> v.name().toLowerCase(Locale.ROOT).equals(word))
            .findFirst()
            .orElseThrow(
                () ->
                    new ShardstreamException(
                        ErrorCode.INVALID_ARGUMENT, "no verb of a reshard: " + word));
    publish(context, new ControlReshard(context.pathParam("reshard"), verb));
  }

  void throttle(Context context) {
    ThrottleBody body = body(context, ThrottleBody.class);
    publish(
        context,
        new ThrottleReshard(context.pathParam("reshard"), body.rowsPerSecond(), body.forMillis()));
  }

  void moveShard(Context context) {
    MoveBody body = body(context, MoveBody.class);
    if (body.toNode() == null) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "toNode is missing");
    }
    ReshardOptions options =
        options(body.rowsPerSecond(), body.graceMillis(), body.manualCutover(), body.repair());
    publish(
        context, new MoveShard(context.pathParam("table"), body.shardId(), body.toNode(), options));
  }

  void drain(Context context) {
    GuardedServer.requireJson(context);
    publish(context, new DrainNode(context.pathParam("node")));
  }

  void undrain(Context context) {
    GuardedServer.requireJson(context);
    publish(context, new UndrainNode(context.pathParam("node")));
  }

  void rebalance(Context context) {
    RebalanceBody body = body(context, RebalanceBody.class);
    publish(context, new Rebalance(body.table(), isTrue(body.dryRun())));
  }

  private static ReshardOptions options(
      @Nullable Long rowsPerSecond,
      @Nullable Long graceMillis,
      @Nullable Boolean manualCutover,
      @Nullable Boolean repair) {
    return new ReshardOptions(rowsPerSecond, graceMillis, isTrue(manualCutover), isTrue(repair));
  }

  private static boolean isTrue(@Nullable Boolean value) {
    return Boolean.TRUE.equals(value);
  }

  private <T> T body(Context context, Class<T> type) {
    GuardedServer.requireJson(context);
    return server.body(context, type);
  }

  private void publish(Context context, Object operation) {
    String database = Reads.database(context);
    String id = commandId(context.header(KEY));
    Duration wait = wait(context.queryParam("wait"));
    DdlCommand command =
        DdlCommand.newBuilder()
            .setId(id)
            .setDatabase(database)
            .setIssuedBy(issuer(context))
            .setOperation(operation)
            .build();
    CompletableFuture<Optional<DdlResult>> outcome = port.publish(command, wait);
    context.header("Location", "/v1/databases/" + database + "/ddl/" + id);
    context.header(
        TraceHeaders.HTTP_CORRELATION_ID,
        TraceScope.current().trace().orElseGet(() -> TraceContext.ofCommand(id)).correlationId());
    context.future(() -> outcome.thenAccept(result -> answer(context, id, result)));
  }

  /** Who asks, where callers have to say who they are; elsewhere only how. */
  private static String issuer(Context context) {
    return GuardedServer.caller(context).map(Principal::name).orElse(ISSUER);
  }

  private static String commandId(@Nullable String key) {
    if (key == null) {
      return UUID.randomUUID().toString();
    }
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, KEY + " must have 1 to " + LONGEST_KEY + " characters");
    }
    return key;
  }

  private static Duration wait(@Nullable String text) {
    int seconds = text == null ? 0 : WholeNumbers.parse("wait", text);
    if (seconds < 0 || seconds > MOST_WAIT_SECONDS) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "wait must be 0 to " + MOST_WAIT_SECONDS + " seconds");
    }
    return Duration.ofSeconds(seconds);
  }

  private static void answer(Context context, String id, Optional<DdlResult> result) {
    boolean rejected = result.filter(r -> r.getStatus() == DdlStatus.REJECTED).isPresent();
    if (rejected) {
      DdlResult last = result.get();
      HttpErrors.answer(
          context,
          new ErrorBody(String.valueOf(last.getCode()), String.valueOf(last.getMessage()))
              .toException());
    } else {
      Answers.json(
          context,
          HttpStatus.ACCEPTED,
          new CommandAnswer(id, result.map(CommandBody::of).orElse(null)));
    }
  }
}
