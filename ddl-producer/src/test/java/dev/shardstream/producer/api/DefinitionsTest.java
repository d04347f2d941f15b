package dev.shardstream.producer.api;

import static dev.shardstream.producer.ddl.AnsweringControlPlane.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.AnsweringControlPlane;
import dev.shardstream.producer.ddl.StatementOperations;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.NamedTables;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Table;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
  private static final Table USERS = SampleTables.USERS;
  private static final String ID = USERS.getTableId();

  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "bootstrap.servers", "x:1",
              "schema.registry.url", "mock://definitions",
              "issued.by", "ada",
              "command.timeout.ms", "200"));
  private final SampleTables.Fixed metadata = new SampleTables.Fixed(SampleTables.snapshot(1));

  @Test
  void an_alter_is_done_when_this_client_knows_the_version_too() {
    Table next = Table.newBuilder(USERS).setSchemaVersion(2).build();
    DdlResult done =
        execute(
            "ALTER TABLE users ADD COLUMN age INT",
            command -> {
              metadata.set(knowing(next));
              return List.of(
                  result(command, DdlStatus.PENDING, ID, 1),
                  result(command, DdlStatus.ACCEPTED, ID, 2),
                  result(command, DdlStatus.APPLIED, ID, 2));
            });
    assertThat(done.getStatus()).isEqualTo(DdlStatus.APPLIED);
    assertThatThrownBy(
            () ->
                execute(
                    "ALTER TABLE users ADD COLUMN age INT",
                    command -> List.of(result(command, DdlStatus.APPLIED, ID, 3))))
        .hasMessageMatching("No answer to command '.*' within 0 s: is streams-app running\\?");
  }

  @Test
  void what_not_all_shards_have_in_time_is_accepted() {
    metadata.set(knowing(Table.newBuilder(USERS).setSchemaVersion(2).build()));
    DdlResult done =
        execute(
            "COMMENT ON TABLE users IS 'x'",
            command -> List.of(result(command, DdlStatus.ACCEPTED, ID, 2)));
    assertThat(done.getStatus()).isEqualTo(DdlStatus.ACCEPTED);
  }

  @Test
  void a_pending_command_and_a_silent_control_plane_are_no_answer() {
    assertThatThrownBy(
            () ->
                execute(
                    "ALTER TABLE users RENAME TO people",
                    command -> List.of(result(command, DdlStatus.PENDING, ID, 1))))
        .hasMessageMatching("Command '.*' is still pending after 0 s");
    assertThatThrownBy(() -> execute("DROP INDEX i", command -> List.of()))
        .hasMessageMatching("No answer to command '.*' within 0 s: is streams-app running\\?");
  }

  @Test
  void a_rejection_is_thrown_with_its_code_and_text() {
    assertThatThrownBy(
            () ->
                execute(
                    "ALTER TABLE users DROP COLUMN name",
                    command ->
                        List.of(
                            DdlResult.newBuilder(result(command, DdlStatus.REJECTED, ID, 1))
                                .setCode("COLUMN_IN_LIVE_QUERY")
                                .setMessage(
                                    "Cannot drop column 'name' - used by 2 active live queries")
                                .build())))
        .hasMessage("Cannot drop column 'name' - used by 2 active live queries");
  }

  @Test
  void an_index_is_there_when_it_is_ready_and_gone_when_it_is_gone() {
    DdlResult created =
        execute(
            "CREATE INDEX by_name ON users (name)",
            command -> {
              metadata.set(
                  knowing(
                      Table.newBuilder(USERS)
                          .setIndexes(
                              List.of(
                                  new Index(
                                      1,
                                      "By_Name",
                                      false,
                                      List.of(2),
                                      IndexStatus.READY,
                                      null,
                                      null,
                                      command.getId())))
                          .build()));
              return List.of(result(command, DdlStatus.APPLIED, ID, 1));
            });
    assertThat(created.getOperation()).isEqualTo("CREATE_INDEX");
    DdlResult dropped =
        execute(
            "DROP INDEX by_name",
            command -> {
              metadata.set(knowing(USERS));
              return List.of(result(command, DdlStatus.APPLIED, ID, 1));
            });
    assertThat(dropped.getOperation()).isEqualTo("DROP_INDEX");
  }

  @Test
  void a_namespace_is_the_database_of_its_command() {
    DdlResult done =
        execute(
            "CREATE NAMESPACE Shop",
            command -> {
              MetadataSnapshot now = SampleTables.snapshot(1);
              metadata.set(
                  new MetadataSnapshot(
                      now.tablesById(),
                      now.topologies(),
                      Map.of(),
                      now.nodes(),
                      Map.of("shop", new Namespace("shop", 1L)),
                      Map.of()));
              return List.of(result(command, DdlStatus.APPLIED, ID, 1));
            });
    assertThat(done.getDatabase()).isEqualTo("shop");
  }

  private DdlResult execute(String sql, Function<DdlCommand, List<DdlResult>> answers) {
    Statement.Definition statement = (Statement.Definition) SqlParser.parse(sql);
    Definitions definitions =
        new Definitions(config, metadata, AnsweringControlPlane.publisher(config, answers));
    return definitions.publish(
        statement.namespace(), StatementOperations.of(statement, config.logPartitions()));
  }

  private static MetadataSnapshot knowing(Table table) {
    MetadataSnapshot now = SampleTables.snapshot(1);
    return new MetadataSnapshot(
        NamedTables.of(Map.of(table.getTableId(), table)),
        now.topologies(),
        Map.of(),
        now.nodes(),
        Map.of(),
        Map.of());
  }
}
