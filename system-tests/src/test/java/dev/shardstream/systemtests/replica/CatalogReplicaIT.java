package dev.shardstream.systemtests.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.replica.CatalogReplica;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CatalogReplicaIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  @TempDir private Path directory;

  @Test
  void replicas_that_joined_early_late_and_again_hold_the_same_bytes() throws SQLException {
    Shardstream client = CLUSTER.client();
    client.execute("CREATE NAMESPACE replicas");
    try (CatalogReplica early = open("early")) {
      client.execute("CREATE TABLE replicas.users (id BIGINT PRIMARY KEY, name VARCHAR(20))");
      assertThat(early.await("users", 1, Patience.ONE_STEP)).isTrue();
      Path restarted = directory.resolve("again.db");
      open("again").close();
      insert(directory.resolve("early.db"), "INSERT INTO users VALUES (1, 'Ada')");
      insert(restarted, "INSERT INTO users VALUES (2, 'Grace')");

      client.execute("ALTER TABLE replicas.users ADD COLUMN age INT NOT NULL DEFAULT 18");
      client.execute("ALTER TABLE replicas.users RENAME COLUMN name TO full_name");
      client.execute("ALTER TABLE replicas.users MODIFY COLUMN full_name TEXT");
      client.execute("CREATE INDEX by_age ON replicas.users (age)");
      client.execute("COMMENT ON COLUMN replicas.users.age IS 'in years'");
      client.execute("CREATE TABLE replicas.gone (id BIGINT PRIMARY KEY)");
      client.execute("DROP TABLE replicas.gone");
      client.execute("ALTER TABLE replicas.users RENAME TO people");

      assertThat(early.await("people", 6, Patience.ONE_STEP)).isTrue();
      assertThat(early.await(state -> state.table("gone").isEmpty(), Patience.ONE_STEP)).isTrue();
      String dump = early.dump();
      assertThat(dump).contains("CREATE TABLE \"people\"", "CREATE INDEX \"by_age\"", "in years");
      try (CatalogReplica late = open("late");
          CatalogReplica again = open("again")) {
        assertThat(late.dump()).isEqualTo(dump);
        assertThat(again.dump()).isEqualTo(dump);
      }
      assertThat(people(directory.resolve("early.db"))).isEqualTo("1 Ada 18");
      assertThat(people(restarted)).isEqualTo("2 Grace 18");
    }
  }

  private CatalogReplica open(String name) {
    Map<String, String> settings = CLUSTER.clientSettings();
    settings.put("database", "replicas");
    return CatalogReplica.open(settings, directory.resolve(name + ".db"));
  }

  /** The replica may be writing. */
  private static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=300000");
  }

  private static void insert(Path file, String sql) throws SQLException {
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String people(Path file) throws SQLException {
    try (Connection connection = open(file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, full_name, age FROM people")) {
      return row.getLong(1) + " " + row.getString(2) + " " + row.getInt(3);
    }
  }
}
