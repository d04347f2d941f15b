package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/** Builds what is said about shards: PRAGMAs of reshards, moves, nodes, VERIFY. */
final class ReshardBuilder {
  private static final String RESHARD = "reshardTable";
  private static final String THROTTLE = "throttleReshard";

  private final StatementSource source;

  ReshardBuilder(StatementSource source) {
    this.source = source;
  }

  /** The statement of that parse; empty when it is of another kind. */
  Optional<Statement> build(ParserRuleContext tree) {
    return Optional.ofNullable(statement(tree));
  }

  private @Nullable Statement statement(ParserRuleContext tree) {
    if (tree instanceof PragmaContext pragma) {
      return pragma(pragma, false);
    }
    if (tree instanceof ExplainContext explain) {
      return pragma(explain.pragma(), true);
    }
    if (tree instanceof MoveShardContext move) {
      return new Statement.MoveShard(
          tableName(move.tableName()),
          required(move.signedNumber(), "MOVE SHARD", "a shard's number"),
          ReportBuilder.id(move.commandId(), source));
    }
    if (tree instanceof DrainNodeContext drain) {
      return new Statement.DrainNode(ReportBuilder.id(drain.commandId(), source));
    }
    if (tree instanceof UndrainNodeContext undrain) {
      return new Statement.UndrainNode(ReportBuilder.id(undrain.commandId(), source));
    }
    if (tree instanceof RebalanceContext rebalance) {
      TableNameContext table = rebalance.tableName();
      return new Statement.Rebalance(table == null ? null : tableName(table));
    }
    return tree instanceof VerifyTableContext verify
        ? new Statement.VerifyTable(tableName(verify.tableName()), verify.AGAINST() != null)
        : null;
  }

  /** A name in quotes may hold its namespace, as in {@code 'shop.users'}. */
  private static QualifiedName tableName(TableNameContext tree) {
    boolean text = tree.namespaceWord() == null && tree.tableWord().STRING() != null;
    return text ? QualifiedName.parse(Words.unquoted(tree.getText())) : Words.table(tree);
  }

  // ---- PRAGMAs

  private static Statement pragma(PragmaContext tree, boolean explain) {
    List<NameContext> names = tree.name();
    String name = Words.name(names.get(names.size() - 1));
    if (name.equalsIgnoreCase(RESHARD)) {
      return reshard(tree, explain);
    }
    Optional<ReshardVerb> verb = ReshardVerb.ofPragma(name);
    if (explain || verb.isEmpty() && !name.equalsIgnoreCase(THROTTLE)) {
      throw StatementSource.unsupported((explain ? "EXPLAIN PRAGMA " : "PRAGMA ") + name);
    }
    if (!tree.pragmaSuffix().isEmpty()) {
      throw StatementSource.syntax(
          tree.pragmaSuffix(0).getStart(), "PRAGMA " + name + " takes no options");
    }
    String namespace = names.size() == 1 ? null : Words.name(names.get(0));
    return verb.isEmpty()
        ? throttle(tree.pragmaValue(), namespace)
        : control(tree.pragmaValue(), verb.get(), namespace);
  }

  private static Statement reshard(PragmaContext tree, boolean explain) {
    List<PragmaValueContext> values = tree.pragmaValue();
    if (values.size() != 2) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENTS, RESHARD, 2);
    }
    return new Statement.ReshardTable(
        pragmaTable(values.get(0)),
        shardCount(values.get(1)),
        ReshardClausesReader.read(tree.pragmaSuffix()),
        explain);
  }

  private static Statement control(
      List<PragmaValueContext> values, ReshardVerb verb, @Nullable String namespace) {
    if (values.size() != 1) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          verb.pragma() + " takes the change_log_id of one reshard: SHOW RESHARDS lists them");
    }
    return new Statement.ControlReshard(namespace, id(verb.pragma(), values.get(0)), verb);
  }

  private static Statement throttle(List<PragmaValueContext> values, @Nullable String namespace) {
    if (values.size() < 2 || values.size() > 3) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          THROTTLE + " takes a change_log_id, rows per second, and seconds if it is to end");
    }
    return new Statement.ThrottleReshard(
        namespace,
        id(THROTTLE, values.get(0)),
        required(values.get(1).signedNumber(), THROTTLE, "rows per second as an integer"),
        values.size() == 2
            ? null
            : (Long) required(values.get(2).signedNumber(), THROTTLE, "seconds as an integer"));
  }

  private static String id(String pragma, PragmaValueContext value) {
    boolean bare = value.tableName() != null && value.tableName().namespaceWord() == null;
    if (value.STRING() == null && !bare) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          pragma + "(" + value.getText() + "): give a change_log_id in quotes");
    }
    return Words.unquoted(value.getText());
  }

  private static QualifiedName pragmaTable(PragmaValueContext value) {
    if (value.STRING() != null) {
      return QualifiedName.parse(Words.unquoted(value.getText()));
    }
    if (value.tableName() != null) {
      return Words.table(value.tableName());
    }
    throw new ShardstreamException(
        ErrorCode.INVALID_ARGUMENT,
        "reshardTable(" + value.getText() + ", …): give a table's name");
  }

  private static long shardCount(PragmaValueContext value) {
    if (value.signedNumber() != null && integer(value.signedNumber()) instanceof Long count) {
      return count;
    }
    throw new ShardstreamException(ErrorCode.INVALID_SHARD_COUNT, Words.unquoted(value.getText()));
  }

  private static long required(
      @Nullable SignedNumberContext tree, String statement, String wanted) {
    if (tree != null && integer(tree) instanceof Long number) {
      return number;
    }
    throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, statement + " takes " + wanted);
  }

  /** A Long, or what else the number is. */
  static Object integer(SignedNumberContext tree) {
    return Literals.number(tree.getStop(), tree.getStart().getText().equals("-"));
  }
}
