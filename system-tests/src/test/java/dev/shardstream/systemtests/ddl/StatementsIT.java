package dev.shardstream.systemtests.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlAnswer;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every statement of {@code statements.txt}, once as SQL and once as an event: what comes of it is
 * what stands there, in whole words, whichever way it was given.
 */
class StatementsIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  /** One step; no event for a statement that is no DDL. */
  private record Step(String sql, @Nullable String event, String expected) {}

  /** A statement's table, null for none, its version, and whether it made one. */
  private record Done(@Nullable String table, @Nullable Long version) {}

  private interface Way {
    Done execute(Shardstream client, Step step);
  }

  // Each way spends its time waiting, in a namespace of its own.
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void as_sql() {
    mustComeTrue("by_sql", StatementsIT::sql);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void as_events() {
    mustComeTrue("by_event", StatementsIT::event);
  }

  private static void mustComeTrue(String namespace, Way way) {
    CLUSTER.client().execute("CREATE NAMESPACE " + namespace);
    List<String> differing = new ArrayList<>();
    try (Shardstream client = CLUSTER.connect(Map.of(ClientConfig.DATABASE, namespace))) {
      Map<String, Long> versions = new HashMap<>();
      for (Step step : steps()) {
        String outcome = outcome(client, step, way, versions);
        if (!outcome.equals(step.expected())) {
          differing.add(
              "%s\n  expected: %s\n  but was:  %s".formatted(step.sql(), step.expected(), outcome));
        }
      }
    }
    assertThat(String.join("\n", differing)).isEmpty();
    CLUSTER.client().execute("DROP NAMESPACE " + namespace);
  }

  private static String outcome(
      Shardstream client, Step step, Way way, Map<String, Long> versions) {
    try {
      return shown(client, step, way.execute(client, step), versions);
    } catch (ShardstreamException e) {
      return e.code() + ": " + e.getMessage();
    }
  }

  /** An event's answer and the catalog come by different topics, so the catalog is waited for. */
  private static String shown(
      Shardstream client, Step step, Done done, Map<String, Long> versions) {
    String table = done.table();
    Long version = done.version();
    if (step.expected().equals("ok") || table == null || version == null) {
      return "ok";
    }
    if (step.expected().startsWith("indexes ")) {
      return settled(step, () -> "indexes " + indexes(client, table));
    }
    Long before = versions.put(table.toLowerCase(Locale.ROOT), version);
    return version.equals(before)
        ? "unchanged v" + version
        : settled(step, () -> "v" + version + ": " + columns(client, table));
  }

  private static String settled(Step step, Callable<String> shown) {
    try {
      return await().atMost(Patience.ONE_STEP).until(shown, step.expected()::equals);
    } catch (ConditionTimeoutException differs) {
      try {
        return shown.call();
      } catch (Exception e) {
        return e.toString();
      }
    }
  }

  private static Done sql(Shardstream client, Step step) {
    Result result = client.execute(step.sql());
    if (!result.columns().contains("table_name")) {
      return new Done(null, null);
    }
    List<@Nullable Object> row = result.rows().get(0);
    return new Done(
        (String) row.get(result.columns().indexOf("table_name")),
        (Long) row.get(result.columns().indexOf("schema_version")));
  }

  private static Done event(Shardstream client, Step step) {
    if (step.event() == null) {
      return sql(client, step);
    }
    DdlCommand command = client.ddl().parse(step.event()).get(0);
    try (DdlAnswer answer = client.ddl().publishForAnswer(command)) {
      DdlResult result = answer.await();
      Integer version = result.getSchemaVersion();
      return new Done(result.getTable(), version == null ? null : (Long) version.longValue());
    }
  }

  private static String columns(Shardstream client, String table) {
    Result description = client.execute("DESCRIBE " + table);
    return description.rows().stream()
        .filter(row -> "COLUMNS".equals(row.get(0)))
        .map(row -> column(named(description, row)))
        .collect(Collectors.joining(", "));
  }

  private static String column(Map<String, @Nullable Object> column) {
    StringBuilder text =
        new StringBuilder("#" + column.get("column_id"))
            .append(" ")
            .append(column.get("name"))
            .append(" ")
            .append(column.get("value"));
    if ("NO".equals(column.get("nullable"))) {
      text.append(" NOT NULL");
    }
    if (column.get("default_value") != null) {
      text.append(" DEFAULT ").append(column.get("default_value"));
    }
    if (column.get("key") != null) {
      text.append(" ").append(column.get("key"));
    }
    if (column.get("comment") != null) {
      text.append(" -- ").append(column.get("comment"));
    }
    return text.toString();
  }

  private static String indexes(Shardstream client, String table) {
    Result indexes = client.execute("SHOW INDEXES FROM " + table);
    return indexes.rows().stream()
        .map(row -> index(named(indexes, row)))
        .collect(Collectors.joining("; "));
  }

  private static String index(Map<String, @Nullable Object> index) {
    return "%s (%s) %s %s%s"
        .formatted(
            index.get("index_name"),
            index.get("columns"),
            index.get("index_type"),
            index.get("status"),
            index.get("comment") == null ? "" : " -- " + index.get("comment"));
  }

  private static Map<String, @Nullable Object> named(Result result, List<@Nullable Object> row) {
    Map<String, @Nullable Object> named = new HashMap<>();
    for (int i = 0; i < row.size(); i++) {
      named.put(result.columns().get(i), row.get(i));
    }
    return named;
  }

  private static List<Step> steps() {
    try (InputStream in = StatementsIT.class.getResourceAsStream("statements.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\n\n+"))
          .filter(block -> !block.isBlank() && !block.startsWith("#"))
          .map(StatementsIT::step)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Step step(String block) {
    String[] lines = block.strip().split("\n");
    if (lines.length != 3 || !lines[2].startsWith("=> ")) {
      throw new IllegalStateException("Three lines: SQL, event or '-', '=> outcome', not " + block);
    }
    return new Step(lines[0], lines[1].equals("-") ? null : lines[1], lines[2].substring(3));
  }
}
