package dev.shardstream.schemas.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
  private static final RateLimit NONE = new RateLimit(0, System::nanoTime);

  @TempDir Path directory;
  private final AtomicLong nanos = new AtomicLong();

  private Path file(String... lines) throws IOException {
    return Files.write(directory.resolve("principals"), List.of(lines));
  }

  private Guard guard(RateLimit limit, String... lines) throws IOException {
    Path file = file(lines);
    return Guard.of(WatchedFiles.read(List.of(file), () -> Principals.read(file)), limit);
  }

  private static Credentials token(String token) {
    return new Credentials("Bearer " + token, null);
  }

  private static String line(String name, Role role, String token) {
    return Token.line(new Principal(name, role), token);
  }

  private static void assertRefused(Guard guard, Credentials shown, Role needed, String message) {
    assertThatThrownBy(() -> guard.admit(shown, needed))
        .isInstanceOf(ShardstreamException.class)
        .hasMessage(message);
  }

  @Test
  void a_role_includes_those_before_it_and_node_stands_alone() {
    Set<String> covered =
        Stream.of(Role.values())
            .map(
                role ->
                    role
                        + Stream.of(Role.values())
                            .filter(role::covers)
                            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)))
                            .toString())
            .collect(Collectors.toSet());
    assertThat(covered)
        .containsExactlyInAnyOrder(
            "READ[READ]",
            "WRITE[READ, WRITE]",
            "DDL[READ, WRITE, DDL]",
            "ADMIN[READ, WRITE, DDL, ADMIN]",
            "NODE[NODE]");
  }

  @Test
  void a_caller_is_known_by_its_token_or_by_its_certificate() throws Exception {
    Guard guard =
        guard(
            NONE,
            "# who may call",
            "",
            line("reports", Role.READ, "shs_a"),
            "  node-1  node  certificate:CN=node-1, O=Example");
    assertThat(guard.isClosed()).isTrue();
    assertThat(guard.admit(token("shs_a"), Role.READ))
        .isEqualTo(new Principal("reports", Role.READ));
    assertThat(
            guard.admit(new Credentials(null, new X500Principal("cn=node-1,o=Example")), Role.NODE))
        .isEqualTo(new Principal("node-1", Role.NODE));
    assertRefused(
        guard, token("shs_a"), Role.DDL, "'reports' has role READ, which does not include DDL");
    assertRefused(
        guard, token("shs_b"), Role.READ, "Who calls is not known: the token is not known");
    assertRefused(
        guard,
        Credentials.NONE,
        Role.READ,
        "Who calls is not known: there is no token and no certificate");
    assertRefused(
        guard,
        new Credentials(null, new X500Principal("CN=node-2, O=Example")),
        Role.NODE,
        "Who calls is not known: no principal has the certificate's subject");
    assertRefused(
        guard,
        new Credentials("Basic c2hzX2E=", new X500Principal("CN=node-1, O=Example")),
        Role.NODE,
        "Who calls is not known: the token is not known");
  }

  @Test
  void a_token_is_replaced_without_a_restart_and_a_broken_file_changes_nothing() throws Exception {
    Guard guard = guard(NONE, line("app", Role.WRITE, "shs_first"));
    file(line("app", Role.WRITE, "shs_first"), line("app", Role.WRITE, "shs_second"));
    guard.admit(token("shs_first"), Role.WRITE);
    guard.admit(token("shs_second"), Role.WRITE);
    file(line("app", Role.WRITE, "shs_second"));
    guard.admit(token("shs_second"), Role.WRITE);
    assertRefused(
        guard, token("shs_first"), Role.READ, "Who calls is not known: the token is not known");
    file("app WRITE sha256:12");
    guard.admit(token("shs_second"), Role.WRITE);
    Files.delete(directory.resolve("principals"));
    guard.admit(token("shs_second"), Role.WRITE);
  }

  @Test
  void a_line_that_cannot_be_read_is_named_and_not_repeated() throws Exception {
    String secret = "shs_pasted-by-mistake";
    for (String line :
        List.of(
            secret,
            "app WRITE " + secret,
            "app WRITE sha256:" + secret,
            "app " + secret + " sha256:00",
            secret + "! READ sha256:00",
            "app READ certificate:" + secret)) {
      assertThatThrownBy(() -> guard(NONE, "# first", line))
          .isInstanceOf(ShardstreamException.class)
          .hasMessageStartingWith(directory.resolve("principals") + ", line 2: ")
          .hasMessageNotContaining("pasted")
          .extracting(failure -> ((ShardstreamException) failure).code())
          .isEqualTo(ErrorCode.INVALID_CONFIG);
    }
  }

  @Test
  void each_principal_has_its_own_rate_and_slices_do_not_count() throws Exception {
    RateLimit limit = new RateLimit(2, nanos::get);
    Guard guard =
        guard(
            limit,
            line("a", Role.READ, "shs_a"),
            line("b", Role.READ, "shs_b"),
            line("n", Role.NODE, "shs_n"));
    guard.admit(token("shs_a"), Role.READ);
    guard.admit(token("shs_a"), Role.READ);
    assertRefused(
        guard,
        token("shs_a"),
        Role.READ,
        "'a' makes more than 2 requests per second: try again in a second");
    guard.admit(token("shs_b"), Role.READ);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
    guard.admit(token("shs_a"), Role.READ);
    assertThatThrownBy(() -> guard.admit(token("shs_a"), Role.READ))
        .isInstanceOf(ShardstreamException.class);
    for (int i = 0; i < 10; i++) {
      guard.admit(token("shs_n"), Role.NODE);
    }
  }

  @Test
  void whoever_is_not_asked_may_do_everything() {
    Guard open = Guard.open(NONE);
    assertThat(open.isClosed()).isFalse();
    for (Role role : Role.values()) {
      assertThat(open.admit(Credentials.NONE, role)).isEqualTo(new Principal("anyone", Role.ADMIN));
    }
  }

  @Test
  void tokens_are_long_and_never_the_same_and_no_text_shows_one() {
    Set<String> tokens =
        Stream.generate(() -> Token.create(new SecureRandom()))
            .limit(100)
            .collect(Collectors.toSet());
    assertThat(tokens).hasSize(100).allMatch(token -> token.matches("shs_[A-Za-z0-9_-]{43}"));
    String token = tokens.iterator().next();
    assertThat(token(token).toString()).isEqualTo("Credentials");
    assertThat(line("app", Role.READ, token))
        .doesNotContain(token.substring(Token.PREFIX.length()));
    assertThat(line("app", Role.READ, "shs_a"))
        .isEqualTo(
            "app READ sha256:cbc45e26ea8bc63dd63300cd6f29f62768d10822c125e0879ab179398bd7c6c6");
  }
}
