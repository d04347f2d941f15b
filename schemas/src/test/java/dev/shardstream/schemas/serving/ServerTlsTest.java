package dev.shardstream.schemas.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.HttpServerKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTlsTest extends ServedRoutes {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_server_speaks_tls_and_its_callers_check_who_it_is(boolean isPem) throws Exception {
    serve(isPem ? pem() : pkcs12());
    Caller trusting = caller(Map.of(ClusterConfig.TLS_TRUSTSTORE, AUTHORITY));
    assertThat(get(trusting, "https", "/open").body()).isEqualTo("open");
    assertThatThrownBy(() -> get(Caller.plain(), "https", "/open"))
        .isInstanceOf(SSLHandshakeException.class);
    Caller trustingAnother =
        caller(
            Map.of(ClusterConfig.TLS_TRUSTSTORE, TLS.resolve("another-authority.crt").toString()));
    assertThatThrownBy(() -> get(trustingAnother, "https", "/open"))
        .isInstanceOf(SSLHandshakeException.class);
    assertThatThrownBy(
            () ->
                send(
                    trusting,
                    trusting.request(URI.create("https://127.0.0.2:" + port() + "/open")).build()))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({"want, client, 200", "want, , 401", "required, client, 200"})
  void a_certificate_tells_who_calls(String clientAuth, String certificate, int status)
      throws Exception {
    serve(
        with(
            pem(),
            HttpServerKeys.TLS_CLIENT_AUTH,
            clientAuth,
            ClusterConfig.TLS_TRUSTSTORE,
            AUTHORITY,
            HttpServerKeys.PRINCIPALS,
            principals("node-1 NODE certificate:CN=client, O=Shardstream tests")));
    assertThat(get(withCertificate(certificate), "https", "/slice").statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"required, stranger", "required, "})
  void a_certificate_that_nobody_trusts_or_that_is_missing_ends_the_handshake(
      String clientAuth, String certificate) {
    serve(
        with(
            pem(),
            HttpServerKeys.TLS_CLIENT_AUTH,
            clientAuth,
            ClusterConfig.TLS_TRUSTSTORE,
            AUTHORITY));
    assertThatThrownBy(() -> get(withCertificate(certificate), "https", "/open"))
        .isInstanceOf(IOException.class);
  }

  private static Caller withCertificate(String name) {
    Map<String, String> trusting = Map.of(ClusterConfig.TLS_TRUSTSTORE, AUTHORITY);
    return caller(
        name == null
            ? trusting
            : with(trusting, ClusterConfig.TLS_KEYSTORE, TLS.resolve(name + ".pem").toString()));
  }

  @Test
  void a_certificate_is_replaced_without_a_restart() throws Exception {
    Path own = directory.resolve("own.pem");
    Files.copy(TLS.resolve("stranger.pem"), own);
    serve(Map.of(ClusterConfig.TLS_KEYSTORE, own.toString()));
    Map<String, String> trusting = Map.of(ClusterConfig.TLS_TRUSTSTORE, AUTHORITY);
    assertThatThrownBy(() -> get(caller(trusting), "https", "/open"))
        .isInstanceOf(SSLHandshakeException.class);
    Files.copy(TLS.resolve("client.pem"), own, StandardCopyOption.REPLACE_EXISTING);
    assertThat(get(caller(trusting), "https", "/open").statusCode()).isEqualTo(200);
  }
}
