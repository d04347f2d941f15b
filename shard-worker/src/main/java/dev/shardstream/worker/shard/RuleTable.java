package dev.shardstream.worker.shard;

import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rules that hold for each virtual shard of a shard file at its position. They change in the
 * transaction that moves the position past the rule's record, and travel with the virtual shard.
 */
public final class RuleTable {
  static final String COLUMNS = "virtual_shard, rule_id, kind, columns, name, initial_null";

  static final String CREATE =
      "CREATE TABLE _rules (virtual_shard INTEGER NOT NULL, rule_id TEXT NOT NULL,"
          + " kind TEXT NOT NULL, columns TEXT NOT NULL, name TEXT NOT NULL,"
          + " initial_null INTEGER NOT NULL, PRIMARY KEY (virtual_shard, rule_id))"
          + " STRICT, WITHOUT ROWID";

  private RuleTable() {}

  /**
   * The rules by virtual shard, each in the order of their ids; virtual shards without one are
   * missing.
   */
  public static Map<Integer, List<Rule>> read(Connection connection, String tableId)
      throws SQLException {
    Map<Integer, List<Rule>> rules = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT " + COLUMNS + " FROM main._rules ORDER BY virtual_shard, rule_id")) {
      while (row.next()) {
        rules
            .computeIfAbsent(row.getInt(1), v -> new ArrayList<>())
            .add(
                new Rule(
                    row.getString(2),
                    tableId,
                    RuleKind.valueOf(row.getString(3)),
                    Arrays.stream(row.getString(4).split(",")).map(Integer::valueOf).toList(),
                    row.getString(5),
                    row.getInt(6) != 0,
                    true));
      }
    }
    return rules;
  }

  /** Lets a rule hold for virtual shards, or hold no longer, whichever it says. */
  public static void write(Connection writer, Collection<Integer> virtualShards, Rule rule)
      throws SQLException {
    for (int virtualShard : virtualShards) {
      if (rule.getEnforced()) {
        put(writer, virtualShard, rule);
      } else {
        delete(writer, virtualShard, rule.getRuleId());
      }
    }
  }

  private static void put(Connection writer, int virtualShard, Rule rule) throws SQLException {
    try (PreparedStatement insert =
        writer.prepareStatement(
            "INSERT OR REPLACE INTO _rules (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?)")) {
      insert.setInt(1, virtualShard);
      insert.setString(2, rule.getRuleId());
      insert.setString(3, rule.getKind().name());
      insert.setString(
          4, rule.getColumns().stream().map(String::valueOf).collect(Collectors.joining(",")));
      insert.setString(5, rule.getName());
      insert.setInt(6, rule.getInitialNull() ? 1 : 0);
      insert.executeUpdate();
    }
  }

  private static void delete(Connection writer, int virtualShard, String ruleId)
      throws SQLException {
    try (PreparedStatement delete =
        writer.prepareStatement("DELETE FROM _rules WHERE virtual_shard = ? AND rule_id = ?")) {
      delete.setInt(1, virtualShard);
      delete.setString(2, ruleId);
      delete.executeUpdate();
    }
  }

  /** Removes a virtual shard's rules. */
  public static void forget(Connection writer, int virtualShard) throws SQLException {
    try (PreparedStatement delete =
        writer.prepareStatement("DELETE FROM main._rules WHERE virtual_shard = ?")) {
      delete.setInt(1, virtualShard);
      delete.executeUpdate();
    }
  }

  /** Copies a virtual shard's rules between attached schemas; takes the virtual shard. */
  public static String copySql(String source) {
    return "INSERT INTO main._rules ("
        + COLUMNS
        + ") SELECT "
        + COLUMNS
        + " FROM "
        + source
        + "._rules WHERE virtual_shard = ?";
  }
}
