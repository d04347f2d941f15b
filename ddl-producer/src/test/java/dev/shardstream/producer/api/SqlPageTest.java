package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.StatementOperations;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.contract.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/sql.md says what the code does. */
class SqlPageTest {
  private final String page;

  SqlPageTest() throws IOException {
    page = Files.readString(Path.of("..", "docs", "sql.md"));
  }

  @Test
  void every_error_is_there_with_its_text_and_a_way_out() {
    List<String> missing =
        Arrays.stream(ErrorCode.values())
            .map(code -> "| `" + code + "` | " + code.text().replaceAll("%[sd]", "…") + " | ")
            .filter(row -> !page.contains(row))
            .toList();
    assertThat(missing).isEmpty();
  }

  @Test
  void every_example_is_a_script_that_is_understood() {
    List<String> examples =
        Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(example -> example.group(1))
            .toList();
    assertThat(examples).hasSizeGreaterThan(8);
    for (String example : examples) {
      for (Statement statement : SqlParser.parseScript(example)) {
        if (statement instanceof Statement.Definition definition) {
          assertThat(StatementOperations.of(definition, 16)).as(example).isNotNull();
        }
      }
    }
  }

  @Test
  void every_setting_is_there() {
    List<String> missing =
        ClientConfig.of(Map.of("bootstrap.servers", "x:1", "schema.registry.url", "http://x"))
            .values()
            .keySet()
            .stream()
            .filter(key -> !key.equals(ClientConfig.TOPIC_REPLICATION))
            .filter(key -> !page.contains("`" + key + "`"))
            .toList();
    assertThat(missing).isEmpty();
  }

  @Test
  void every_column_of_a_report_is_there() {
    for (Result report :
        List.of(
            Reports.tables(List.of()),
            Reports.namespaces(List.of()),
            Reports.indexes(List.of()),
            Reports.history(List.of()),
            Reports.commands(List.of(), ""),
            Reports.liveQueries(List.of(), ""),
            Reports.stats(List.of()),
            Reports.shards(List.of()),
            Reports.nodes(List.of()),
            ReshardAnswers.plan(
                new PlannedReshard("t", 0, List.of(), List.of(), 0, 0, Duration.ZERO, null)),
            ReshardAnswers.taken(new CommandReceipt("c", null, "accepted", null)),
            Reports.reshards(List.of()))) {
      assertThat(report.columns())
          .allSatisfy(column -> assertThat(page).contains("`" + column + "`"));
    }
  }
}
