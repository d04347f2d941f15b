package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.TableRef;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which expressions mean the same on a shard as over gathered rows: those of the table's columns,
 * constants and functions of which SQLite says that they depend on their arguments alone.
 */
final class Pushable {
  /**
   * <a href="https://sqlite.org/deterministic.html">Deterministic functions</a>; those of date and
   * time are left out, for which 'now' is another moment on each shard.
   */
  private static final Set<String> DETERMINISTIC =
      Set.of(
          "abs",
          "ceil",
          "ceiling",
          "char",
          "coalesce",
          "concat",
          "concat_ws",
          "exp",
          "floor",
          "format",
          "glob",
          "hex",
          "if",
          "ifnull",
          "iif",
          "instr",
          "json_array_length",
          "json_extract",
          "json_type",
          "json_valid",
          "length",
          "like",
          "likelihood",
          "likely",
          "ln",
          "log",
          "log10",
          "log2",
          "lower",
          "ltrim",
          "max",
          "min",
          "mod",
          "nullif",
          "octet_length",
          "pow",
          "power",
          "printf",
          "quote",
          "replace",
          "round",
          "rtrim",
          "sign",
          "sqrt",
          "substr",
          "substring",
          "trim",
          "trunc",
          "typeof",
          "unhex",
          "unicode",
          "unlikely",
          "upper");

  private final Table table;
  private final TableRef mention;

  Pushable(Table table, TableRef mention) {
    this.table = table;
    this.mention = mention;
  }

  /** The column of the table that a name means, if it is one. */
  Optional<Column> column(Expr expr) {
    if (!(expr instanceof Expr.ColumnRef ref)
        || !isMention(ref.table())
        || ref.database() != null && !Names.same(ref.database(), table.getDatabase())) {
      return Optional.empty();
    }
    return Tables.column(table, ref.column());
  }

  private boolean isMention(@Nullable String qualifier) {
    return qualifier == null || Names.same(qualifier, mention.exposedName());
  }

  /** Whether an expression can be left to the shards. */
  boolean test(Expr expr) {
    return isItselfPushable(expr) && expr.children().stream().allMatch(this::test);
  }

  private boolean isItselfPushable(Expr expr) {
    if (expr instanceof Expr.ColumnRef) {
      return column(expr).isPresent();
    }
    if (expr instanceof Expr.FunctionCall call) {
      return !call.windowed()
          && !call.isAggregate()
          && !call.distinct()
          && !call.ordered()
          && !call.star()
          && call.filter() == null
          && DETERMINISTIC.contains(call.name().toLowerCase(Locale.ROOT));
    }
    if (expr instanceof Expr.Like like) {
      return like.matcher() == Expr.Matcher.LIKE || like.matcher() == Expr.Matcher.GLOB;
    }
    return !(expr instanceof Expr.Subquery || expr instanceof Expr.CurrentTime);
  }
}
