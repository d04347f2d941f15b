package dev.shardstream.schemas.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerAccessTest extends ServedRoutes {
  @Test
  void what_protects_nobody_is_refused_at_the_start() throws Exception {
    String file = principals(line("app", Role.READ, "shs_app"));
    assertThat(access(Map.of(), "127.0.0.1").guard().isClosed()).isFalse();
    assertThat(access(Map.of(), "localhost").guard().isClosed()).isFalse();
    assertThat(access(Map.of(HttpServerKeys.AUTH, "none"), "0.0.0.0").guard().isClosed()).isFalse();
    assertThat(access(Map.of(HttpServerKeys.PRINCIPALS, file), "0.0.0.0").guard().isClosed())
        .isTrue();
    assertRefused(
        Map.of(),
        "http.host 0.0.0.0 can be reached from other machines, and nothing says who may call: set"
            + " http.auth.principals.file, or http.auth=none where the network lets in only those"
            + " who may");
    assertRefused(
        Map.of(HttpServerKeys.AUTH, "none", HttpServerKeys.PRINCIPALS, file),
        "http.auth=none and http.auth.principals.file exclude each other");
    assertRefused(
        Map.of(HttpServerKeys.AUTH, "required"),
        "http.auth=required needs http.auth.principals.file");
    assertRefused(
        with(pem(), HttpServerKeys.TLS_CLIENT_AUTH, "want"),
        "http.tls.client.auth needs http.tls.keystore.file and http.tls.truststore.file");
    assertRefused(
        Map.of(
            ClusterConfig.TLS_KEYSTORE, TLS.resolve("server.crt").toString(),
            ClusterConfig.TLS_KEY, TLS.resolve("client.pem").toString()),
        TLS.resolve("server.crt")
            + " does not begin with the certificate of the key in "
            + TLS.resolve("client.pem"));
    assertRefused(
        with(pkcs12(), ClusterConfig.TLS_KEYSTORE_PASSWORD, "not-the-secret"),
        TLS.resolve("server.p12") + " is neither PEM nor PKCS #12 that the password opens");
    assertRefused(
        Map.of(ClusterConfig.TLS_KEYSTORE, AUTHORITY),
        AUTHORITY + " holds no 'PRIVATE KEY' (PKCS #8, not encrypted)");
  }

  private static void assertRefused(Map<String, String> settings, String message) {
    assertThatThrownBy(() -> access(settings, "0.0.0.0"))
        .isInstanceOf(ShardstreamException.class)
        .hasMessage(message)
        .extracting(failure -> ((ShardstreamException) failure).code())
        .isEqualTo(ErrorCode.INVALID_CONFIG);
  }

  @Test
  void no_text_of_a_configuration_shows_a_secret() {
    Settings settings =
        new Settings(with(pkcs12(), ClusterConfig.TLS_TRUSTSTORE_PASSWORD, PASSWORD));
    assertThat(
            List.of(
                settings.values().toString(),
                settings.toString(),
                ServerAccess.of(settings, "127.0.0.1").toString(),
                Caller.of(settings).toString()))
        .noneMatch(text -> text.contains(PASSWORD));
  }
}
