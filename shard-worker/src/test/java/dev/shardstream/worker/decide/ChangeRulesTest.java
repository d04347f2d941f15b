package dev.shardstream.worker.decide;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.Orders.logged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.Orders;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeRulesTest {
  private static final Row BEFORE = row(40, 1L, "ann", 2.0, "n", null);

  private final ChangeRules rules = new ChangeRules(Orders.TABLE);

  private static Row row(long version, Object... values) {
    return new Row(Arrays.asList(values), version, 1_000 + version);
  }

  private static Optional<Row> present() {
    return Optional.of(BEFORE);
  }

  private static Decision put(Object... values) {
    return new Decision.Put(row(50, values));
  }

  private static Decision rejected(ErrorCode code, String message) {
    return new Decision.Rejected(code, message);
  }

  static Stream<Arguments> cases() {
    Optional<Row> absent = Optional.empty();
    Decision duplicate = rejected(ErrorCode.DUPLICATE_KEY, "Duplicate key (1) in table 'orders'");
    Decision notFound = rejected(ErrorCode.NOT_FOUND, "No row with key (1) in table 'orders'");
    Decision otherVersion =
        rejected(ErrorCode.VERSION_MISMATCH, "Row (1) of table 'orders' has version 40, not 39");
    return Stream.of(
        Arguments.of("insert", absent, full(Op.INSERT, null), put(1L, "bob", 3.0, "x", null)),
        Arguments.of("insert, there", present(), full(Op.INSERT, null), duplicate),
        Arguments.of("insert, there, same version", present(), full(Op.INSERT, 40L), duplicate),
        Arguments.of("insert, absent, ifVersion", absent, full(Op.INSERT, 40L), notFound),
        Arguments.of(
            "insert takes defaults",
            absent,
            change(Op.INSERT, 1, 1L, 2, "bob"),
            put(1L, "bob", 1.5, null, null)),
        Arguments.of(
            "upsert, absent", absent, full(Op.UPSERT, null), put(1L, "bob", 3.0, "x", null)),
        Arguments.of(
            "upsert, there", present(), full(Op.UPSERT, null), put(1L, "bob", 3.0, "x", null)),
        Arguments.of(
            "upsert, there, takes defaults for what it does not set",
            present(),
            change(Op.UPSERT, 1, 1L, 2, "bob"),
            put(1L, "bob", 1.5, null, null)),
        Arguments.of(
            "upsert, same version",
            present(),
            full(Op.UPSERT, 40L),
            put(1L, "bob", 3.0, "x", null)),
        Arguments.of("upsert, other version", present(), full(Op.UPSERT, 39L), otherVersion),
        Arguments.of("upsert, absent, ifVersion", absent, full(Op.UPSERT, 39L), notFound),
        Arguments.of(
            "update sets what it names",
            present(),
            change(Op.UPDATE, 1, 1L, 3, 9.5),
            put(1L, "ann", 9.5, "n", null)),
        Arguments.of(
            "update to NULL",
            present(),
            change(Op.UPDATE, 1, 1L, 4, null),
            put(1L, "ann", 2.0, null, null)),
        Arguments.of("update, absent", absent, change(Op.UPDATE, 1, 1L, 3, 9.5), notFound),
        Arguments.of(
            "update, other version",
            present(),
            change(Op.UPDATE, 39L, 1, 1L, 3, 9.5),
            otherVersion),
        Arguments.of(
            "update, same version",
            present(),
            change(Op.UPDATE, 40L, 1, 1L, 3, 9.5),
            put(1L, "ann", 9.5, "n", null)),
        Arguments.of("delete", present(), change(Op.DELETE, 1, 1L), new Decision.Remove()),
        Arguments.of("delete, absent", absent, change(Op.DELETE, 1, 1L), notFound),
        Arguments.of(
            "delete, other version", present(), change(Op.DELETE, 39L, 1, 1L), otherVersion),
        Arguments.of(
            "delete, same version",
            present(),
            change(Op.DELETE, 40L, 1, 1L),
            new Decision.Remove()),
        Arguments.of(
            "missing value without default",
            absent,
            change(Op.INSERT, 1, 1L),
            rejected(ErrorCode.NOT_NULL, "Column 'customer' of table 'orders' must not be NULL")),
        Arguments.of(
            "update to NULL of NOT NULL",
            present(),
            change(Op.UPDATE, 1, 1L, 2, null),
            rejected(ErrorCode.NOT_NULL, "Column 'customer' of table 'orders' must not be NULL")),
        Arguments.of(
            "wrong type",
            absent,
            change(Op.INSERT, 1, 1L, 2, "bob", 3, "cheap"),
            rejected(
                ErrorCode.TYPE,
                "Column 'price' of table 'orders' is DOUBLE and cannot hold 'cheap'")),
        Arguments.of(
            "too long, in code points",
            absent,
            change(Op.INSERT, 1, 1L, 2, "bob", 4, "😀😀😀😀😀😀"),
            rejected(
                ErrorCode.TYPE,
                "Column 'note' of table 'orders' is VARCHAR(5) and cannot hold '😀😀😀😀😀😀'")),
        Arguments.of(
            "as long as it may be",
            absent,
            change(Op.INSERT, 1, 1L, 2, "bob", 4, "😀😀😀😀😀"),
            put(1L, "bob", 1.5, "😀😀😀😀😀", null)));
  }

  private static RowChange full(Op op, Long ifVersion) {
    return change(op, ifVersion, 1, 1L, 2, "bob", 3, 3.0, 4, "x", 5, null);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void decides(String name, Optional<Row> before, RowChange change, Decision expected) {
    assertThat(rules.decide(before, logged(50, change), RuleSet.NONE)).isEqualTo(expected);
  }

  @Test
  void a_long_value_is_cut_in_the_message() {
    Decision decision =
        rules.decide(
            Optional.empty(),
            logged(50, change(Op.INSERT, 1, 1L, 2, "b", 4, "y".repeat(500))),
            RuleSet.NONE);
    assertThat(((Decision.Rejected) decision).message()).hasSizeLessThan(150).endsWith("yyy…");
  }

  @Test
  void deciding_twice_gives_the_same() {
    List<Decision> decisions =
        Stream.generate(
                () -> rules.decide(present(), logged(50, full(Op.UPSERT, 40L)), RuleSet.NONE))
            .limit(2)
            .toList();
    assertThat(decisions.get(0)).isEqualTo(decisions.get(1));
  }
}
