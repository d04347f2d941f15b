package dev.shardstream.schemas.serving;

import dev.shardstream.schemas.access.Credentials;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.access.ServerAccess.ClientCertificates;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Makes a server listen as it is configured, and let in whom its guard lets in. */
public final class GuardedServer {
  /** Where a servlet finds the certificates of a handshake (Jakarta Servlet 6.0, 3.10). */
  private static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";

  /** What a browser says of a request that a page of another site makes (W3C Fetch Metadata). */
  private static final String FETCH_SITE = "Sec-Fetch-Site";

  /** Attribute of a request: who was let in. */
  private static final String CALLER = "shardstream.caller";

  /**
   * Up to so many bytes, a body is there before anybody looks at its request. A server that answers
   * while it is still being sent has to close the connection, and the sender may see that instead
   * of the answer (RFC 9112, 9.6). Small, because callers who are not let in have it too.
   */
  private static final int BODY_BYTES_AHEAD = 64 * 1024;

  private static final Pattern THIS_MACHINE =
      Pattern.compile("(localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

  private final ServerAccess access;
  private final boolean onThisMachineOnly;

  private GuardedServer(ServerAccess access, boolean onThisMachineOnly) {
    this.access = access;
    this.onThisMachineOnly = onThisMachineOnly;
  }

  /**
   * Configures a server that has not started. Every route needs exactly one {@link RouteAccess}:
   * one without is refused to all.
   *
   * @param port 0 for a free one
   * @param refusals counts what is not answered as asked
   */
  public static GuardedServer configure(
      JavalinConfig config, ServerAccess access, String host, int port, Refusals refusals) {
    GuardedServer server = new GuardedServer(access, ServerAccess.isLoopback(host));
    config.startup.showJavalinBanner = false;
    config.http.maxRequestSize = access.requestBytes();
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    config.jetty.addConnector(
        (jetty, http) -> {
          ServerConnector connector = connector(jetty, http, access);
          connector.setHost(host);
          connector.setPort(port);
          return connector;
        });
    config.jetty.modifyServer(
        jetty -> jetty.addBean(new NetworkConnectionLimit(access.connections(), jetty)));
    config.jetty.modifyServletContextHandler(
        context ->
            context.insertHandler(
                new EagerContentHandler(
                    new RetainedContentLoaderFactory(BODY_BYTES_AHEAD, -1, false))));
    config.routes.before(GuardedServer::beginTrace);
    HttpErrors.install(config, refusals);
    config.routes.beforeMatched(server::admit);
    config.routes.after(context -> TraceScope.none().enter());
    return server;
  }

  private static ServerConnector connector(
      Server jetty, HttpConfiguration http, ServerAccess access) {
    return access
        .tls()
        .map(tls -> secured(jetty, http, tls, access.clientCertificates()))
        .orElseGet(() -> new ServerConnector(jetty, new HttpConnectionFactory(http)));
  }

  private static ServerConnector secured(
      Server jetty, HttpConfiguration http, SSLContext tls, ClientCertificates certificates) {
    HttpConfiguration https = new HttpConfiguration(http);
    // Callers check the name. A node is reached by several, and there is nothing to choose by them.
    https.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(tls);
    factory.setNeedClientAuth(certificates == ClientCertificates.REQUIRED);
    factory.setWantClientAuth(certificates == ClientCertificates.WANT);
    return new ServerConnector(
        jetty,
        new SslConnectionFactory(factory, HttpVersion.HTTP_1_1.asString()),
        new HttpConnectionFactory(https));
  }

  /** What is logged of a request, and sent for it, names for whom. */
  private static void beginTrace(Context context) {
    TraceScope.none().enter();
    String id = context.header(TraceHeaders.HTTP_CORRELATION_ID);
    if (id != null && !TraceContext.isCorrelationId(id)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          TraceHeaders.HTTP_CORRELATION_ID + " must have 1 to 200 visible ASCII characters");
    }
    TraceScope.none()
        .with(
            TraceContext.received(
                id,
                context.header(TraceHeaders.TRACEPARENT),
                context.header(TraceHeaders.TRACESTATE)))
        .enter();
  }

  private void admit(Context context) {
    requireReadable(context.queryString());
    Role needed = needed(context).orElse(null);
    if (needed != null) {
      refuseOtherPages(context);
      Principal caller = access.guard().admit(credentials(context), needed);
      if (access.guard().isClosed()) {
        context.attribute(CALLER, caller);
      }
    }
  }

  /** Who was let in; empty where callers do not have to say who they are. */
  public static Optional<Principal> caller(Context context) {
    return Optional.ofNullable(context.attribute(CALLER));
  }

  /**
   * A browser on this machine can reach what listens here, for whatever page it shows: one of
   * another site, or one whose name was made to mean this machine. A token would be the proof that
   * it may; a loopback address is none.
   */
  private void refuseOtherPages(Context context) {
    String named = context.host();
    if ("cross-site".equals(context.header(FETCH_SITE))
        || onThisMachineOnly
            && !access.guard().isClosed()
            && named != null
            && !THIS_MACHINE.matcher(named).matches()) {
      throw new ShardstreamException(ErrorCode.FORBIDDEN_ORIGIN);
    }
  }

  /**
   * Who may use a route may not do everything there: this needs more.
   *
   * @throws ShardstreamException FORBIDDEN
   */
  public static void require(Context context, Role needed) {
    caller(context)
        .filter(caller -> !caller.role().covers(needed))
        .ifPresent(
            caller -> {
              throw new ShardstreamException(
                  ErrorCode.FORBIDDEN, caller.name(), caller.role(), needed);
            });
  }

  /**
   * A page of another site can send a form, but no JSON without asking first.
   *
   * @throws ShardstreamException INVALID_ARGUMENT
   */
  public static void requireJson(Context context) {
    String type = context.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "Content-Type must be application/json");
    }
  }

  /** Javalin decodes a query when a route asks for a part of it, and fails on one that is none. */
  private static void requireReadable(@Nullable String query) {
    try {
      URLDecoder.decode(query == null ? "" : query, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new ShardstreamException(
              ErrorCode.INVALID_ARGUMENT, "no query of a URL: " + malformed.getMessage())
          .causedBy(malformed);
    }
  }

  private Optional<Role> needed(Context context) {
    requireRoute(context);
    RouteAccess route =
        context.routeRoles().stream()
            .filter(RouteAccess.class::isInstance)
            .map(RouteAccess.class::cast)
            .findFirst()
            .orElseThrow(
                () ->
                    new ShardstreamException(
                        ErrorCode.INTERNAL, "nothing says who may use " + context.path()));
    return route == RouteAccess.METRICS && access.openMetrics() ? Optional.empty() : route.role();
  }

  /** A file that is served has no route: Javalin takes a POST to it for a match too. */
  private static void requireRoute(Context context) {
    boolean reads = context.method() == HandlerType.GET || context.method() == HandlerType.HEAD;
    if (!reads && context.endpoints().matchedHttpEndpoint() == null) {
      throw new ShardstreamException(ErrorCode.UNKNOWN_ENDPOINT, context.method(), context.path());
    }
  }

  private static Credentials credentials(Context context) {
    return new Credentials(context.header(Header.AUTHORIZATION), certificate(context));
  }

  private static X500Principal certificate(Context context) {
    return context.attribute(CERTIFICATE) instanceof X509Certificate[] chain
        ? chain[0].getSubjectX500Principal()
        : null;
  }

  /**
   * The body of a request.
   *
   * @throws ShardstreamException REQUEST_TOO_LARGE, INVALID_ARGUMENT when it is missing or not of
   *     that shape
   */
  public <T> T body(Context context, Class<T> type) {
    int most = access.requestBytes();
    try (InputStream in = context.bodyInputStream()) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new ShardstreamException(ErrorCode.REQUEST_TOO_LARGE, most);
      }
      T body = Json.read(new String(bytes, StandardCharsets.UTF_8), type);
      return Json.require("the body", body);
    } catch (IOException callerGone) {
      throw new UncheckedIOException(callerGone);
    }
  }
}
