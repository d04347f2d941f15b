package dev.shardstream.schemas.access;

import dev.shardstream.schemas.config.ClusterConfig;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * TLS as a process is configured for it, the same for those who call it and those whom it calls.
 * Files that change are used from the next handshake on.
 */
public final class Tls {
  private Tls() {}

  /** Whether a process has a key of its own, and so can serve TLS. */
  static boolean hasIdentity(ClusterConfig config) {
    return file(config, ClusterConfig.TLS_KEYSTORE).isPresent();
  }

  /** Whether it is said who is trusted. */
  static boolean hasTrust(ClusterConfig config) {
    return file(config, ClusterConfig.TLS_TRUSTSTORE).isPresent();
  }

  /**
   * The context of a process; empty when nothing is configured.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException FILE_ERROR, INVALID_CONFIG that
   *     names the file
   */
  static Optional<SSLContext> context(ClusterConfig config) {
    Optional<Path> keys = file(config, ClusterConfig.TLS_KEYSTORE);
    Optional<Path> trusted = file(config, ClusterConfig.TLS_TRUSTSTORE);
    if (keys.isEmpty() && trusted.isEmpty()) {
      return Optional.empty();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys.map(file -> keys(config, file)).orElse(null),
          trusted.map(file -> trusted(config, file)).orElse(null),
          null);
      return Optional.of(context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has TLS", e);
    }
  }

  private static KeyManager[] keys(ClusterConfig config, Path file) {
    Path keyFile = file(config, ClusterConfig.TLS_KEY).orElse(file);
    char[] password = password(config, ClusterConfig.TLS_KEYSTORE_PASSWORD);
    return new KeyManager[] {
      new WatchedKeys(
          WatchedFiles.read(
              Stream.of(file, keyFile).distinct().toList(),
              () -> keyManager(KeyFiles.identity(file, keyFile, password), password)))
    };
  }

  private static TrustManager[] trusted(ClusterConfig config, Path file) {
    char[] password = password(config, ClusterConfig.TLS_TRUSTSTORE_PASSWORD);
    return new TrustManager[] {
      new WatchedTrust(
          WatchedFiles.read(List.of(file), () -> trustManager(KeyFiles.trusted(file, password))))
    };
  }

  private static X509ExtendedKeyManager keyManager(KeyStore store, char[] password) {
    try {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return Stream.of(factory.getKeyManagers())
          .filter(X509ExtendedKeyManager.class::isInstance)
          .map(X509ExtendedKeyManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A key that was just read cannot be used", e);
    }
  }

  private static X509ExtendedTrustManager trustManager(KeyStore store) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Stream.of(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Certificates that were just read cannot be used", e);
    }
  }

  private static Optional<Path> file(ClusterConfig config, String key) {
    return Optional.of(config.getString(key)).filter(name -> !name.isEmpty()).map(Path::of);
  }

  private static char[] password(ClusterConfig config, String key) {
    @Nullable Password password = config.getPassword(key);
    return password == null ? new char[0] : password.value().toCharArray();
  }
}
