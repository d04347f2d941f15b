package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ReshardOptions;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableInfo;
import dev.shardstream.systemtests.cluster.Patience;
import java.time.Duration;
import java.util.List;

/** Starting reshards, waiting for their phases and their ends. */
public final class Reshards {
  /** So that some thousands of rows are still copied when a test has long done what it wants. */
  public static final ReshardOptions SLOWLY = ReshardOptions.CONFIGURED.withRowsPerSecond(30);

  private static final List<String> PHASES =
      List.of("queued", "copying", "replaying", "verifying", "switching", "complete");

  private final Shardstream client;

  public Reshards(Shardstream client) {
    this.client = client;
  }

  /** Starts a reshard and returns as soon as it is queued. */
  public ReshardInfo start(String table, int shards) {
    return start(table, shards, ReshardOptions.CONFIGURED);
  }

  /** Starts a reshard and returns as soon as it is queued. */
  public ReshardInfo start(String table, int shards, ReshardOptions options) {
    return client.reshards().start(table, shards, options);
  }

  /** Lets one that was started {@link #SLOWLY} copy as fast as it goes. */
  public void hurry(ReshardInfo slow) {
    client.reshards().throttle(slow.changeLogId(), 0);
  }

  /** Reshards a table and waits until its sources are gone. */
  public ReshardInfo complete(String table, int shards) {
    return completed(start(table, shards));
  }

  /** Waits until a reshard has ended well. */
  public ReshardInfo completed(ReshardInfo started) {
    ReshardInfo ended = ended(started);
    assertThat(ended.status())
        .as("%s: %s %s", ended, ended.errorCode(), ended.errorMessage())
        .isEqualTo("complete");
    assertThat(ended.digestsCompared()).isEqualTo(256);
    assertThat(ended.mismatches()).isZero();
    return ended;
  }

  /** Waits until a reshard has ended, well or not. */
  public ReshardInfo ended(ReshardInfo started) {
    ReshardInfo info = client.reshards().await(started.changeLogId(), Patience.MANY_STEPS);
    assertThat(info.ended()).as("ended within %s: %s", Patience.MANY_STEPS, info).isTrue();
    return info;
  }

  /** How far it is now. */
  public ReshardInfo now(ReshardInfo started) {
    return client.reshards().find(started.changeLogId()).orElseThrow();
  }

  /** Waits until a reshard is in that phase or has gone past it. */
  public ReshardInfo awaitPhase(ReshardInfo started, String phase) {
    int wanted = PHASES.indexOf(phase);
    return await("reshard " + started.changeLogId() + " reaches " + phase)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Patience.MANY_STEPS)
        .until(() -> now(started), info -> info.ended() || PHASES.indexOf(info.status()) >= wanted);
  }

  /** Waits until a reshard has found both sides equal, and waits to be told to switch. */
  public void awaitHeld(ReshardInfo started) {
    ReshardInfo held =
        await("reshard " + started.changeLogId() + " waits for the operator")
            .atMost(Patience.MANY_STEPS)
            .until(
                () -> now(started),
                info -> info.ended() || String.valueOf(info.waitsFor()).contains("switchReshard"));
    assertThat(held.ended()).as("ended before it was told to switch: %s", held).isFalse();
  }

  /** The active shards of a table as SHOW TABLES gives them. */
  public int shards(String table) {
    return client.tables().listTables().stream()
        .filter(info -> info.name().equals(table))
        .mapToInt(TableInfo::shards)
        .findFirst()
        .orElseThrow();
  }
}
