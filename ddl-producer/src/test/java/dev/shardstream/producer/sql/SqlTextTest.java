package dev.shardstream.producer.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.Identifiers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {
  static List<@Nullable Object> values() {
    return Arrays.asList(
        null,
        0L,
        -1L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        9007199254740993L,
        0.0,
        -0.0,
        1.0,
        -1.5,
        1e300,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        "",
        "it's",
        "''",
        "a\nb -- c /* d */ ; \" ` [",
        "ünï 😀",
        "\\",
        new byte[0],
        new byte[] {0, (byte) 0xff, 39});
  }

  @ParameterizedTest
  @MethodSource("values")
  void a_literal_is_read_back_as_the_same_value(@Nullable Object value) throws SQLException {
    String literal = SqlText.literal(value);
    SelectStatement select = (SelectStatement) SqlParser.parse("SELECT " + literal + " FROM t");
    SimpleSelect simple = Objects.requireNonNull(select.simple());
    SimpleSelect.ExprItem item = (SimpleSelect.ExprItem) simple.items().get(0);
    assertThat(((Expr.Literal) item.expr()).value()).isEqualTo(value);
    assertThat(inSqlite(literal)).isEqualTo(value);
  }

  @Test
  void a_text_with_a_nul_character_is_a_blob_cast_to_text() throws SQLException {
    String literal = SqlText.literal("a\0é");
    assertThat(literal).isEqualTo("CAST(x'6100c3a9' AS TEXT)");
    assertThat(inSqlite("hex(" + literal + ")")).isEqualTo("6100C3A9");
  }

  private static @Nullable Object inSqlite(String literal) throws SQLException {
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = sqlite.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + literal)) {
      row.next();
      Object value = row.getObject(1);
      return value instanceof Integer number ? Long.valueOf(number) : value;
    }
  }

  @Test
  void what_is_no_stored_value_has_no_literal() {
    assertThatThrownBy(() -> SqlText.literal(1)).hasMessage("No stored value: java.lang.Integer");
    assertThatThrownBy(() -> SqlText.literal(Double.NaN)).hasMessage("NaN has no literal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"users", "select", "a b", "a\"b", "", "ünï 😀", "x'y", "[a]", "a;--b"})
  void a_quoted_name_is_read_back_as_the_same_name(String name) {
    assertThat(SqlParser.parse("DROP TABLE " + Identifiers.quote(name)))
        .isEqualTo(
            new dev.shardstream.producer.sql.Statement.DropTable(
                QualifiedName.of(name), false, false, null));
  }
}
