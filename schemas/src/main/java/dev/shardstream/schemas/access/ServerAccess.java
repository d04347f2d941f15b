package dev.shardstream.schemas.access;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom a process serves, and how much of it.
 *
 * @param tls empty for plain HTTP
 * @param clientCertificates whether callers have to show a certificate
 * @param guard lets callers in
 * @param openMetrics whether metrics are for anyone
 * @param connections most at the same time
 * @param requestBytes most bytes of a request's body
 */
public record ServerAccess(
    Optional<SSLContext> tls,
    ClientCertificates clientCertificates,
    Guard guard,
    boolean openMetrics,
    int connections,
    int requestBytes) {
  private static final Logger LOG = LoggerFactory.getLogger(ServerAccess.class);

  /** Whether a caller has to show a certificate in the handshake. */
  public enum ClientCertificates {
    NONE,
    WANT,
    REQUIRED
  }

  /** Plain HTTP for anyone, with generous limits. */
  public static ServerAccess open() {
    return new ServerAccess(
        Optional.empty(),
        ClientCertificates.NONE,
        Guard.open(new RateLimit(0, System::nanoTime)),
        true,
        HttpServerKeys.DEFAULT_CONNECTIONS,
        HttpServerKeys.DEFAULT_REQUEST_BYTES);
  }

  /**
   * As a process is configured.
   *
   * @param host the address that it binds to
   * @throws ShardstreamException INVALID_CONFIG, also when others could reach it and nothing says
   *     who may; FILE_ERROR
   */
  public static ServerAccess of(ClusterConfig config, String host) {
    ClientCertificates certificates =
        ClientCertificates.valueOf(
            config.getString(HttpServerKeys.TLS_CLIENT_AUTH).toUpperCase(Locale.ROOT));
    Optional<SSLContext> tls = Tls.hasIdentity(config) ? Tls.context(config) : Optional.empty();
    requireTrust(config, certificates);
    RateLimit limit =
        new RateLimit(config.getInt(HttpServerKeys.REQUESTS_PER_SECOND), System::nanoTime);
    Optional<Path> principals =
        Optional.of(config.getString(HttpServerKeys.PRINCIPALS))
            .filter(file -> !file.isEmpty())
            .map(Path::of);
    requireDecision(config, host, principals);
    if (principals.isPresent() && tls.isEmpty() && !isLoopback(host)) {
      LOG.warn(
          "http.tokens_in_the_clear host={} reason='{} is not set'",
          host,
          ClusterConfig.TLS_KEYSTORE);
    }
    return new ServerAccess(
        tls,
        certificates,
        principals.map(file -> Guard.of(read(file), limit)).orElseGet(() -> Guard.open(limit)),
        config.getBoolean(HttpServerKeys.OPEN_METRICS),
        config.getInt(HttpServerKeys.CONNECTIONS),
        config.getInt(HttpServerKeys.REQUEST_BYTES));
  }

  private static WatchedFiles<Principals> read(Path file) {
    return WatchedFiles.read(List.of(file), () -> Principals.read(file));
  }

  /** Whoever any authority of the web vouches for is not a principal. */
  private static void requireTrust(ClusterConfig config, ClientCertificates certificates) {
    if (certificates != ClientCertificates.NONE
        && !(Tls.hasTrust(config) && Tls.hasIdentity(config))) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          HttpServerKeys.TLS_CLIENT_AUTH
              + " needs "
              + ClusterConfig.TLS_KEYSTORE
              + " and "
              + ClusterConfig.TLS_TRUSTSTORE);
    }
  }

  private static void requireDecision(
      ClusterConfig config, String host, Optional<Path> principals) {
    String auth = config.getString(HttpServerKeys.AUTH);
    if (auth.equals(HttpServerKeys.AUTH_NONE) && principals.isPresent()) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          HttpServerKeys.AUTH + "=none and " + HttpServerKeys.PRINCIPALS + " exclude each other");
    }
    if (auth.equals(HttpServerKeys.AUTH_REQUIRED) && principals.isEmpty()) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          HttpServerKeys.AUTH + "=required needs " + HttpServerKeys.PRINCIPALS);
    }
    if (auth.equals(HttpServerKeys.AUTH_AUTO) && principals.isEmpty() && !isLoopback(host)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          "http.host "
              + host
              + " can be reached from other machines, and nothing says who may call: set "
              + HttpServerKeys.PRINCIPALS
              + ", or "
              + HttpServerKeys.AUTH
              + "=none where the network lets in only those who may");
    }
  }

  /** Whether only this machine can reach what binds to that address. */
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException noSuchHost) {
      // Binding to it fails in a moment, with better words.
      return false;
    }
  }
}
