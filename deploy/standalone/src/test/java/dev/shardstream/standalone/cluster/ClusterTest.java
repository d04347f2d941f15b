package dev.shardstream.standalone.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.DataDirectory;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.PropertiesFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All real processes in one directory. */
class ClusterTest {
  @TempDir private Path directory;

  @Test
  void a_cluster_has_one_owner_and_its_processes_can_be_killed_and_started_alone() {
    ClusterOptions options = ClusterOptions.in(directory).withNodes(1);
    Map<String, String> settings;
    try (Cluster cluster = Cluster.start(options)) {
      settings = cluster.clientSettings();
      assertThat(PropertiesFile.read(cluster.clientConfig())).isEqualTo(settings);
      assertThatThrownBy(() -> Cluster.start(options))
          .isInstanceOfSatisfying(
              ShardstreamException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY_IN_USE));

      for (JavaProcess process : List.of(cluster.streams(), cluster.worker(1))) {
        process.kill();
        assertThat(process.isReady()).isFalse();
        process.start();
        assertReady(process);
      }
      assertReady(cluster.addWorker());
    }

    assertThat(Cluster.processesIn(directory)).hasSize(5).noneMatch(JavaProcess::isAlive);
    assertThat(directory.resolve("client.properties")).doesNotExist();
    assertThat(ClusterPlan.load(new DataDirectory(directory)).orElseThrow().nodes()).isEqualTo(2);
    assertThat(settings)
        .containsOnlyKeys(
            "bootstrap.servers", "cluster.name", "schema.registry.url", "streams.url");
  }

  /** It runs, and answers: not at once where the machine is busy. */
  private static void assertReady(JavaProcess process) {
    assertThat(process.isAlive()).isTrue();
    process.awaitReady();
  }
}
