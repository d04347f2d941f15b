package dev.shardstream.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shardstream.standalone.process.StreamsProcess;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.cluster.TestPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The disk that the control plane keeps its state on has no room; as root, otherwise skipped. */
class FullStateDiskIT {
  private static final String NAME = "full-state-disk";

  /** Where streams-app of a cluster keeps its state. */
  private static final SmallDisk DISK =
      SmallDisk.at(TestPaths.directory(NAME).resolve("streams").resolve("state"));

  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          NAME,
          options -> {
            DISK.mount();
            return options;
          });

  @AfterAll
  static void unmount() {
    DISK.unmount();
  }

  @Test
  void the_control_plane_waits_for_room_and_goes_on() throws IOException {
    assumeTrue(DISK.isMounted(), "nobody but root can mount a small file system");
    StreamsProcess streams = CLUSTER.cluster().streams();
    CLUSTER.client().execute("CREATE TABLE roomy (id BIGINT PRIMARY KEY, name TEXT)");
    streams.kill();
    DISK.fill();
    streams.launch();

    await("it says that there is no room")
        .atMost(Patience.MANY_STEPS)
        .until(() -> hasNoRoom(streams));
    CLUSTER.client().execute("INSERT INTO roomy VALUES (1, 'meanwhile')");
    assertThat(List.of(streams.isAlive(), streams.isReady())).isEqualTo(List.of(true, false));

    DISK.giveBack();
    streams.awaitReady();
    CLUSTER.client().execute("ALTER TABLE roomy ADD COLUMN note TEXT DEFAULT 'none'");
    assertThat(CLUSTER.client().execute("SELECT * FROM roomy").rows())
        .isEqualTo(List.of(List.of(1L, "meanwhile", "none")));
  }

  private static boolean hasNoRoom(StreamsProcess streams) throws IOException {
    // A log may be cut within a character.
    return new String(Files.readAllBytes(streams.log()), StandardCharsets.UTF_8)
        .contains("streams.disk.full");
  }
}
