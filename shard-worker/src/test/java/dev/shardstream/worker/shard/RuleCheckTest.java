package dev.shardstream.worker.shard;

import static dev.shardstream.worker.Accounts.AMOUNT;
import static dev.shardstream.worker.Accounts.EMAIL;
import static dev.shardstream.worker.Accounts.NOTE;
import static dev.shardstream.worker.Accounts.RANK;
import static dev.shardstream.worker.Accounts.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.Accounts;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LoggedChange;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleCheckTest {
  @TempDir Path directory;
  private ShardFile shard;
  private long offset;

  @BeforeEach
  void open() throws Exception {
    shard = Accounts.shard(directory, 0, Accounts.THIRD);
  }

  @AfterEach
  void close() throws SQLException {
    shard.close();
  }

  private void rows(Object[]... rows) throws SQLException {
    List<LoggedChange> changes = new ArrayList<>();
    for (Object[] row : rows) {
      changes.add(
          Accounts.logged(
              offset++,
              Accounts.change(
                  Accounts.VERSIONS.get(2),
                  Op.INSERT,
                  (String) row[0],
                  (Integer) row[1],
                  EMAIL,
                  row[2],
                  AMOUNT,
                  row[3])));
    }
    Orders.apply(shard, changes);
  }

  private static Object[] row(Object... values) {
    return values;
  }

  private Optional<String> find(Rule rule) throws SQLException {
    try (Connection reader = shard.openReader()) {
      return RuleCheck.find(reader, shard.shape(), rule);
    }
  }

  @Test
  void nothing_is_found_in_an_empty_shard_and_in_rows_that_fulfil_the_rule() throws Exception {
    assertThat(find(Accounts.notNull(EMAIL, true, true))).isEmpty();
    assertThat(find(Accounts.unique(1, true, TENANT, EMAIL))).isEmpty();
    rows(row("eu", 1, "a", 1.0), row("eu", 2, "A", 2.0), row("us", 1, "a", 1.0));
    assertThat(find(Accounts.notNull(EMAIL, true, true))).isEmpty();
    assertThat(find(Accounts.unique(1, true, TENANT, EMAIL))).isEmpty();
    assertThat(find(Accounts.unique(1, true, TENANT, AMOUNT))).isEmpty();
  }

  @Test
  void nulls_are_counted_and_a_few_keys_named() throws Exception {
    rows(row("eu", 1, null, 1.0), row("eu", 2, "b", null));
    assertThat(find(Accounts.notNull(EMAIL, true, true))).contains("1 row, ('eu', 1)");
    rows(
        row("eu", 3, null, 1.0),
        row("eu", 4, null, 1.0),
        row("eu", 5, null, 1.0),
        row("eu", 6, null, 1.0),
        row("eu", 7, null, 1.0));
    assertThat(find(Accounts.notNull(EMAIL, true, true)))
        .contains("6 rows, for example ('eu', 1), ('eu', 3), ('eu', 4), ('eu', 5), ('eu', 6)");
  }

  @Test
  void duplicates_are_named_with_their_keys_and_null_is_none() throws Exception {
    rows(
        row("eu", 1, "a", 0.0),
        row("eu", 2, null, 3.0),
        row("eu", 3, null, 3.5),
        row("eu", 4, "a", -0.0));
    assertThat(find(Accounts.unique(1, true, TENANT, EMAIL)))
        .contains("('eu', 'a') is in 2 rows: keys ('eu', 1), ('eu', 4)");
    assertThat(find(Accounts.unique(2, true, AMOUNT, TENANT)))
        .hasValueSatisfying(
            text -> assertThat(text).endsWith(" is in 2 rows: keys ('eu', 1), ('eu', 4)"));
    rows(row("us", 1, "b", 1.0), row("us", 2, "b", 1.0));
    assertThat(find(Accounts.unique(1, true, TENANT, EMAIL)))
        .contains(
            "('eu', 'a') is in 2 rows: keys ('eu', 1), ('eu', 4);"
                + " ('us', 'b') is in 2 rows: keys ('us', 1), ('us', 2)");
  }

  @Test
  void a_rule_about_a_dropped_column_is_broken_by_nothing() throws Exception {
    rows(row("eu", 1, "a", 1.0), row("eu", 2, "a", 1.0));
    TableShape first = new TableShape(Accounts.FIRST);
    try (Connection reader = shard.openReader()) {
      assertThat(RuleCheck.find(reader, first, Accounts.notNull(NOTE, true, true))).isEmpty();
      assertThat(RuleCheck.find(reader, first, Accounts.unique(1, true, TENANT, RANK))).isEmpty();
    }
  }
}
