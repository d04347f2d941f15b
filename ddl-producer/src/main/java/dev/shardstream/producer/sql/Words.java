package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.NameContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.NamesContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.NamespaceWordContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.TableAliasContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.TableNameContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.TableWordContext;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/** Takes names and texts out of their quotes. */
final class Words {
  private Words() {}

  static String name(NameContext name) {
    return unquoted(name.getText());
  }

  static List<String> names(NamesContext names) {
    return names.name().stream().map(Words::name).toList();
  }

  static QualifiedName table(TableNameContext table) {
    NamespaceWordContext namespace = table.namespaceWord();
    return new QualifiedName(
        namespace == null ? null : namespace(namespace), word(table.tableWord()));
  }

  static String namespace(NamespaceWordContext word) {
    return unquoted(word.getText());
  }

  static String word(TableWordContext word) {
    return unquoted(word.getText());
  }

  static @Nullable String alias(@Nullable TableAliasContext alias) {
    return alias == null ? null : lastWord(alias);
  }

  /** The last token of a piece, which is a name or a text. */
  static String lastWord(ParserRuleContext piece) {
    return unquoted(piece.getStop().getText());
  }

  /** A bare word as it is; anything in quotes or brackets without them. */
  static String unquoted(String token) {
    char quote = token.isEmpty() ? ' ' : token.charAt(0);
    return switch (quote) {
      case '\'', '"', '`' -> {
        String one = String.valueOf(quote);
        yield token.substring(1, token.length() - 1).replace(one + one, one);
      }
      case '[' -> token.substring(1, token.length() - 1);
      default -> token;
    };
  }
}
