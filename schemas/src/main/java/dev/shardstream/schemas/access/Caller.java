package dev.shardstream.schemas.access;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a process calls others over HTTP: whom it trusts, and the token and the certificate that it
 * shows.
 */
public final class Caller {
  private final @Nullable SSLContext tls;
  private final @Nullable WatchedFiles<String> token;

  private Caller(@Nullable SSLContext tls, @Nullable WatchedFiles<String> token) {
    this.tls = tls;
    this.token = token;
  }

  /** Shows nothing and trusts whom Java trusts. */
  public static Caller plain() {
    return new Caller(null, null);
  }

  /**
   * As a process is configured.
   *
   * @throws ShardstreamException FILE_ERROR, INVALID_CONFIG that names the file
   */
  public static Caller of(ClusterConfig config) {
    String file = config.getString(ClusterConfig.AUTH_TOKEN_FILE);
    return new Caller(
        Tls.context(config).orElse(null), file.isEmpty() ? null : token(Path.of(file)));
  }

  private static WatchedFiles<String> token(Path file) {
    return WatchedFiles.read(
        List.of(file),
        () -> {
          String token = Files.readString(file).strip();
          if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ShardstreamException(
                ErrorCode.INVALID_CONFIG, file + " is not one line with a token");
          }
          return token;
        });
  }

  /** A client that speaks HTTP/1.1, with this caller's TLS. */
  public HttpClient.Builder client() {
    HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    return tls == null ? client : client.sslContext(tls);
  }

  /** A request with this caller's token, and for whom this thread works. */
  public HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    TraceScope.current()
        .trace()
        .ifPresent(trace -> TraceHeaders.writeHttp(trace, request::setHeader));
    return token == null ? request : request.header("Authorization", "Bearer " + token.current());
  }
}
