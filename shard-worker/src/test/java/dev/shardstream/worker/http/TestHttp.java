package dev.shardstream.worker.http;

import dev.shardstream.schemas.access.ServerAccess;
import java.time.Duration;

/** Settings of a worker's HTTP server in tests. */
final class TestHttp {
  private TestHttp() {}

  /** For anyone on this machine. */
  static HttpSettings settings() {
    return settings(ServerAccess.open());
  }

  static HttpSettings settings(ServerAccess access) {
    return settings(access, HttpSettings.STATEMENTS_AT_ONCE);
  }

  static HttpSettings settings(ServerAccess access, int statementsAtOnce) {
    return new HttpSettings(
        "127.0.0.1",
        0,
        access,
        Duration.ofMinutes(1),
        Duration.ofMinutes(1),
        1_000,
        5_000_000,
        100_000,
        statementsAtOnce);
  }
}
