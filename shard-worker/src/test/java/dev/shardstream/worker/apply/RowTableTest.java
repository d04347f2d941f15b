package dev.shardstream.worker.apply;

import static dev.shardstream.worker.Accounts.AMOUNT;
import static dev.shardstream.worker.Accounts.EMAIL;
import static dev.shardstream.worker.Accounts.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.Accounts;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.decide.UniqueValue;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.Transaction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowTableTest {
  private static final Rule EMAILS = Accounts.unique(1, true, TENANT, EMAIL);
  private static final Rule AMOUNTS = Accounts.unique(2, true, AMOUNT, TENANT);

  @TempDir Path directory;
  private ShardFile shard;
  private RowTable rows;

  @BeforeEach
  void fill() throws Exception {
    shard = Accounts.shard(directory, 0, Accounts.FIRST);
    rows = new RowTable(shard.writer(), shard.shape());
    List<LoggedChange> changes = new ArrayList<>();
    for (int id = 0; id < 1_000; id++) {
      changes.add(
          Accounts.logged(
              id,
              Accounts.change(
                  Accounts.VERSIONS.get(0),
                  Op.INSERT,
                  "eu",
                  id,
                  EMAIL,
                  "mail" + id / 2,
                  AMOUNT,
                  id == 0 ? -0.0 : (double) id)));
    }
    Orders.apply(shard, changes);
  }

  @AfterEach
  void close() throws SQLException {
    rows.close();
    shard.close();
  }

  private static UniqueValue value(Rule rule, Object... values) {
    return new UniqueValue(Accounts.virtualShard("eu"), rule, List.of(values));
  }

  private Map<UniqueValue, Set<RowKey>> expected() {
    return Map.of(
        value(EMAILS, "eu", "mail7"), Set.of(Accounts.key("eu", 14), Accounts.key("eu", 15)),
        value(AMOUNTS, 0.0, "eu"), Set.of(Accounts.key("eu", 0)),
        value(AMOUNTS, 999.0, "eu"), Set.of(Accounts.key("eu", 999)));
  }

  private List<UniqueValue> asked() {
    List<UniqueValue> asked = new ArrayList<>(expected().keySet());
    asked.add(value(EMAILS, "eu", "MAIL7"));
    asked.add(value(EMAILS, "us", "mail7"));
    asked.add(value(AMOUNTS, 0.5, "eu"));
    return asked;
  }

  @Test
  void holders_of_values_are_found_without_an_index() throws Exception {
    assertThat(rows.holders(asked())).isEqualTo(expected());
    assertThat(plan(EMAILS)).contains("SEARCH r USING PRIMARY KEY (_virtualShard=? AND c1=?)");
  }

  @Test
  void holders_of_values_are_found_by_the_rules_index() throws Exception {
    Transaction.execute(
        shard.writer(), "CREATE INDEX _i1 ON " + shard.shape().name() + " (c1, c3)");
    Transaction.execute(
        shard.writer(), "CREATE INDEX _i2 ON " + shard.shape().name() + " (CAST(c4 AS REAL), c1)");
    assertThat(rows.holders(asked())).isEqualTo(expected());
    assertThat(plan(EMAILS))
        .contains("SEARCH r USING COVERING INDEX _i1 (c1=? AND c3=? AND _virtualShard=?)");
    assertThat(plan(AMOUNTS))
        .contains("SEARCH r USING COVERING INDEX _i2 (<expr>=? AND c1=? AND _virtualShard=?)");
  }

  private String plan(Rule rule) throws SQLException {
    return String.join(
        "\n",
        Orders.rows(
            shard.writer(),
            "EXPLAIN QUERY PLAN " + rows.holdersSql(rule.getColumns(), 4).replace("?", "1")));
  }
}
