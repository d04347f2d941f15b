package dev.shardstream.producer.replica;

import static dev.shardstream.producer.replica.Definitions.adding;
import static dev.shardstream.producer.replica.Definitions.changing;
import static dev.shardstream.producer.replica.Definitions.dropping;
import static dev.shardstream.producer.replica.Definitions.index;
import static dev.shardstream.producer.replica.Definitions.renaming;
import static dev.shardstream.producer.replica.Definitions.state;
import static dev.shardstream.producer.replica.Definitions.users;
import static dev.shardstream.producer.replica.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaFileTest {
  private static final CatalogIdentity IDENTITY = new CatalogIdentity("t", "topic-1", "default");
  private static final Map<Integer, Long> AT_5 = Map.of(0, 5L);

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void place() {
    path = directory.resolve("local.db");
  }

  @Test
  void rows_stay_through_every_change_of_their_table_by_column_id() throws SQLException {
    Table first = users(1);
    Table changed = adding(first, "age", TypeName.INTEGER, 18L);
    changed = changing(changed, 2, c -> c.setName("full_name"));
    changed = changing(changed, 1, c -> c.setName("key"));
    changed = adding(changed, "name", TypeName.TEXT, "again");
    changed = changing(changed, 3, c -> c.setType(TypeName.BIGINT).setDefaultValue(21L));
    changed = renaming(changed, "people");

    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      file.advance(state(first), AT_5);
      sql("INSERT INTO users VALUES (1, 'Ada'), (2, NULL)");
      file.advance(state(changed), AT_5);
      assertThat(rows("SELECT * FROM people ORDER BY key"))
          .containsExactly("1|Ada|18|again", "2|null|18|again");

      sql("INSERT INTO people (key, full_name) VALUES (3, 'Grace')");
      file.advance(state(dropping(changed, 2)), AT_5);
      assertThat(rows("SELECT * FROM people ORDER BY key"))
          .containsExactly("1|18|again", "2|18|again", "3|21|again");
    }
  }

  @Test
  void two_tables_swap_their_names() throws SQLException {
    Table one = users(1);
    Table two = Definitions.table("default-people-2", "people", 2);
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      file.advance(state(one, two), AT_5);
      sql("INSERT INTO users VALUES (1, 'one')");
      sql("INSERT INTO people VALUES (2, 'two')");
      file.advance(state(renaming(one, "people"), two), AT_5);
      file.advance(state(renaming(one, "people"), renaming(two, "users")), AT_5);
      assertThat(rows("SELECT * FROM users")).containsExactly("2|two");
      assertThat(rows("SELECT * FROM people")).containsExactly("1|one");
    }
  }

  @Test
  void the_dump_is_the_text_in_the_file_with_versions_and_comments() {
    Table table =
        changing(
            with(
                Table.newBuilder(users(1)).setComment("who").build(),
                index(1, "by_name", true, IndexStatus.READY, 2)),
            2,
            c -> c.setComment("it's the name"));
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      file.advance(state(users(1)), AT_5);
      file.advance(state(table), AT_5);
      assertThat(file.dump())
          .isEqualTo(
              """
              -- default-users-1 version 2
              CREATE TABLE "users" (
                "id" BIGINT NOT NULL,
                "name" TEXT,
                PRIMARY KEY ("id")
              );
              CREATE UNIQUE INDEX "by_name" ON "users" ("name");
              COMMENT ON TABLE "users" IS 'who';
              COMMENT ON COLUMN "users"."name" IS 'it''s the name';
              """);
      assertThat(rows("SELECT * FROM _comments"))
          .containsExactly(
              "default-users-1|COLUMN|name|it's the name", "default-users-1|TABLE|users|who");
    }
  }

  @Test
  void what_the_application_built_itself_stays() throws SQLException {
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      file.advance(state(users(1)), AT_5);
      sql("CREATE TABLE notes (id INTEGER PRIMARY KEY, user BIGINT REFERENCES users(id))");
      sql("CREATE INDEX my_own ON users (name, id)");
      sql("CREATE VIEW named AS SELECT name FROM users WHERE name IS NOT NULL");
      sql(
          "CREATE TRIGGER told AFTER INSERT ON users BEGIN INSERT INTO notes (user) VALUES (new.id); END");
      file.advance(state(adding(users(1), "age", TypeName.INTEGER, 1L)), AT_5);
      sql("INSERT INTO users (id, name) VALUES (7, 'Ada')");
      assertThat(rows("SELECT user FROM notes")).containsExactly("7");
      assertThat(rows("SELECT * FROM named")).containsExactly("Ada");
      assertThat(rows("SELECT name FROM sqlite_schema WHERE name = 'my_own'"))
          .containsExactly("my_own");
    }
  }

  @Test
  void rows_that_the_next_version_does_not_allow_are_told_and_nothing_changes()
      throws SQLException {
    Table strict = changing(users(1), 2, c -> c.setNullable(false));
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      file.advance(state(users(1)), AT_5);
      sql("INSERT INTO users VALUES (1, NULL)");
      String before = file.dump();
      assertThatThrownBy(() -> file.advance(state(strict), Map.of(0, 6L)))
          .hasMessage(
              path
                  + ": the replica cannot go on: local rows of table 'users' do not meet its version"
                  + " 2 ([SQLITE_CONSTRAINT_NOTNULL] A NOT NULL constraint failed (NOT NULL"
                  + " constraint failed: users.name)): change or delete them");
      assertThat(file.dump()).isEqualTo(before);
      sql("UPDATE users SET name = 'Ada'");
      assertThat(file.advance(state(strict), Map.of(0, 6L))).isTrue();
    }
  }

  @Test
  void a_table_of_the_applications_own_is_not_taken_over() throws SQLException {
    sql("CREATE TABLE Users (mine)");
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      assertThatThrownBy(() -> file.advance(state(users(1)), AT_5))
          .hasMessage(
              path
                  + ": the replica cannot go on: 'users' exists in it and is not from the catalog:"
                  + " give it another name");
    }
  }

  @Test
  void a_file_of_somebody_else_is_refused() throws IOException, SQLException {
    ReplicaFile.open(path, IDENTITY).close();
    assertThatThrownBy(() -> ReplicaFile.open(path, new CatalogIdentity("u", "topic-1", "default")))
        .hasMessage(
            path
                + ": the replica cannot go on: it is the replica of namespace 'default' of cluster"
                + " 't', not of namespace 'default' of cluster 'u': use another file");
    assertThatThrownBy(() -> ReplicaFile.open(path, new CatalogIdentity("t", "topic-2", "default")))
        .hasMessage(
            path
                + ": the replica cannot go on: it is the replica of an earlier cluster 't' (catalog"
                + " topic topic-1, not topic-2): use another file");

    Path text = Files.writeString(directory.resolve("text.db"), "no database ".repeat(100));
    assertThatThrownBy(() -> ReplicaFile.open(text, IDENTITY))
        .hasMessage(
            text + ": the replica cannot go on: it is not a SQLite database: use another file");
    Path nowhere = directory.resolve("no/such/place.db");
    assertThatThrownBy(() -> ReplicaFile.open(nowhere, IDENTITY))
        .hasMessage(nowhere + ": the replica cannot go on: its directory does not exist");
  }

  @Test
  void tables_that_somebody_altered_are_told() throws SQLException {
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      file.advance(state(users(1)), AT_5);
    }
    sql("ALTER TABLE users ADD COLUMN mine");
    assertThatThrownBy(() -> ReplicaFile.open(path, IDENTITY))
        .hasMessage(
            path
                + ": the replica cannot go on: 'users' is not as the replica left it: delete the"
                + " file to build it anew");
  }

  @Test
  void a_catalog_that_ends_before_what_was_read_has_lost_records() {
    try (ReplicaFile file = ReplicaFile.open(path, IDENTITY)) {
      file.advance(state(users(1)), AT_5);
      assertThatThrownBy(() -> file.requireNotAheadOf(Map.of(0, 4L)))
          .hasMessage(
              path
                  + ": the replica cannot go on: it has read partition 0 of the catalog up to 5,"
                  + " which ends at 4: the cluster has lost records; delete the file to build it"
                  + " anew");
    }
  }

  @Test
  void of_two_replicas_on_one_file_the_slower_one_ends() {
    try (ReplicaFile one = ReplicaFile.open(path, IDENTITY);
        ReplicaFile two = ReplicaFile.open(path, IDENTITY)) {
      one.advance(state(users(1)), AT_5);
      assertThatThrownBy(() -> two.advance(state(users(1)), AT_5))
          .hasMessage(path + ": the replica cannot go on: another replica is writing to it");
    }
  }

  private void sql(String statement) throws SQLException {
    try (SqlSession session = SqlSession.writer(path)) {
      session.execute(statement);
    }
  }

  private List<String> rows(String query) {
    try (SqlSession session = SqlSession.reader(path)) {
      return session.query(
          query,
          row -> {
            List<@Nullable String> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              values.add(row.getString(i));
            }
            return String.join("|", values.stream().map(String::valueOf).toList());
          });
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
