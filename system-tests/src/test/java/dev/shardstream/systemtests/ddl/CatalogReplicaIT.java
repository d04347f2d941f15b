package dev.shardstream.systemtests.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.replica.CatalogReplica;
import dev.shardstream.producer.replica.ReplicaState;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.systemtests.cluster.Directories;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.cluster.TestPaths;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Local databases follow the catalog of a real cluster. */
class CatalogReplicaIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void early_late_and_restarted_replicas_hold_the_same_bytes() throws SQLException {
    CLUSTER.client().execute("CREATE NAMESPACE copied");
    Map<String, String> settings = new HashMap<>(CLUSTER.cluster().clientSettings());
    settings.put("database", "copied");
    Path directory = Directories.fresh(TestPaths.directory("catalog-replicas"));
    try (Shardstream client = Shardstream.connect(settings)) {
      client.execute("CREATE TABLE goes (id INT PRIMARY KEY)");
      String early;
      try (CatalogReplica replica = CatalogReplica.open(settings, directory.resolve("early.db"))) {
        client.execute(People.createTable(2));
        assertThat(replica.await("people", 1, LIMIT)).isTrue();
        insertLocally(directory.resolve("early.db"));
        try (CatalogReplica restarted =
            CatalogReplica.open(settings, directory.resolve("restarted.db"))) {
          assertThat(restarted.await("people", 1, LIMIT)).isTrue();
        }
        People.ALTERATIONS.forEach(client::execute);
        client.execute("CREATE INDEX by_city ON persons(city, age)");
        client.execute("DROP TABLE goes");
        assertThat(replica.await("persons", 9, LIMIT)).isTrue();
        assertThat(replica.await(CatalogReplicaIT::isSettled, LIMIT)).isTrue();
        early = replica.dump();
      }
      for (String other : List.of("restarted", "late")) {
        try (CatalogReplica replica =
            CatalogReplica.open(settings, directory.resolve(other + ".db"))) {
          assertThat(replica.await("persons", 9, LIMIT)).isTrue();
          assertThat(replica.await(CatalogReplicaIT::isSettled, LIMIT)).isTrue();
          assertThat(replica.dump()).as(other).isEqualTo(early);
        }
      }
      assertThat(localRow(directory.resolve("early.db"))).isEqualTo("1|Ada|36|New York|null");
      assertThat(early).contains("persons", "by_city", "Los Angeles").doesNotContain("goes");
      client.execute("DROP TABLE persons");
    }
    CLUSTER.client().execute("DROP NAMESPACE copied");
  }

  private static boolean isSettled(ReplicaState state) {
    return state.table("goes").isEmpty()
        && state.table("persons").stream()
            .flatMap(table -> table.getIndexes().stream())
            .anyMatch(index -> index.getStatus() == IndexStatus.READY);
  }

  private static void insertLocally(Path file) throws SQLException {
    try (Connection local = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = local.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("INSERT INTO people (id, name, age) VALUES (1, 'Ada', 36)");
    }
  }

  private static String localRow(Path file) throws SQLException {
    try (Connection local = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = local.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT id, full_name, age, city, note FROM persons")) {
      row.next();
      return row.getString(1)
          + "|"
          + row.getString(2)
          + "|"
          + row.getString(3)
          + "|"
          + row.getString(4)
          + "|"
          + row.getString(5);
    }
  }
}
