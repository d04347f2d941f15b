package dev.shardstream.systemtests.console;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.http.ControlHttp;
import dev.shardstream.streams.http.Forwarding;
import dev.shardstream.streams.live.EventHub;
import dev.shardstream.streams.state.Limits;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP server of a control plane that is still starting, and wants to know who calls: it has
 * events, and no state yet.
 */
final class ClosedConsole implements AutoCloseable {
  private static final int SOME = 10;

  private final ControlHttp http;

  /** Lets in who shows that token. */
  ClosedConsole(Path directory, String token) throws IOException {
    Path principals = directory.resolve("principals");
    Files.writeString(principals, Token.line(new Principal("reader", Role.READ), token) + "\n");
    ControlPlaneConfig config =
        ControlPlaneConfig.of(
            Map.of(
                ControlPlaneConfig.BOOTSTRAP_SERVERS, "localhost:1",
                ControlPlaneConfig.SCHEMA_REGISTRY_URL, "http://localhost:1",
                ControlPlaneConfig.CLUSTER_NAME, "closed",
                ControlPlaneConfig.STATE_DIR, directory.toString(),
                HttpServerKeys.PRINCIPALS, principals.toString()));
    http =
        ControlHttp.start(
            config.httpHost(),
            config.httpPort(),
            ServerAccess.of(config, config.httpHost()),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            new ControlHttp.Parts(
                () -> {
                  throw starting();
                },
                new Forwarding(Caller.plain()),
                table -> List.of(),
                (command, wait) -> {
                  throw starting();
                },
                new EventHub("closed", SOME, SOME),
                Limits.defaults(),
                () -> Optional.of("it is starting")));
  }

  private static ShardstreamException starting() {
    return new ShardstreamException(ErrorCode.STATE_UNAVAILABLE, "it is starting");
  }

  String url() {
    return "http://127.0.0.1:" + http.port();
  }

  @Override
  public void close() {
    http.close();
  }
}
