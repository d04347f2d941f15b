package dev.shardstream.worker.decide;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.Orders.logged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
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
  void types_nulls_and_defaults_are_those_of_the_writers_version() {
    RowVersion writer =
        new RowVersion(
            Orders.TABLE.getTableId(),
            9,
            12,
            List.of(
                column(1, "id", TypeName.BIGINT, null, false, null),
                column(2, "client", TypeName.VARCHAR, 2, true, "?"),
                column(3, "price", TypeName.FLOAT, null, false, 2.5),
                column(11, "gone", TypeName.INTEGER, null, false, null)));
    assertThat(byVersion(writer, Op.INSERT, 1, 1L, 11, 1L))
        .isEqualTo(put(1L, "?", 2.5, null, null));
    assertThat(byVersion(writer, Op.INSERT, 1, 1L, 2, null, 11, 1L))
        .isEqualTo(put(1L, null, 2.5, null, null));
    assertThat(byVersion(writer, Op.UPSERT, 1, 1L, 2, "bob", 11, 1L))
        .isEqualTo(
            rejected(
                ErrorCode.TYPE,
                "Column 'client' of table 'orders' is VARCHAR(2) and cannot hold 'bob'"));
    assertThat(byVersion(writer, Op.UPDATE, 1, 1L, 3, 0.1))
        .isEqualTo(
            rejected(
                ErrorCode.TYPE, "Column 'price' of table 'orders' is FLOAT and cannot hold 0.1"));
    assertThat(byVersion(writer, Op.INSERT, 1, 1L))
        .isEqualTo(
            rejected(ErrorCode.NOT_NULL, "Column 'gone' of table 'orders' must not be NULL"));
    assertThat(byVersion(writer, Op.UPDATE, 1, 1L, 11, 1L << 40))
        .isEqualTo(
            rejected(
                ErrorCode.TYPE,
                "Column 'gone' of table 'orders' is INTEGER and cannot hold 1099511627776"));
    assertThat(byVersion(writer, Op.UPDATE, 1, 1L, 11, 5L))
        .isEqualTo(put(1L, "ann", 2.0, "n", null));
  }

  @Test
  void a_schema_that_gives_a_column_another_storage_class_is_refused() {
    RowVersion foreign =
        new RowVersion(
            Orders.TABLE.getTableId(),
            1,
            6,
            List.of(
                column(1, "id", TypeName.BIGINT, null, false, null),
                column(2, "customer", TypeName.DOUBLE, null, true, null)));
    assertThat(byVersion(foreign, Op.UPSERT, 1, 1L, 2, 2.5))
        .isEqualTo(
            rejected(
                ErrorCode.TYPE,
                "Column 'customer' of table 'orders' is TEXT and cannot hold values of DOUBLE"));
  }

  private Decision byVersion(RowVersion writer, Op op, Object... columns) {
    return rules.decide(
        op == Op.INSERT ? Optional.empty() : present(),
        logged(50, change(writer, op, null, columns)),
        RuleSet.NONE);
  }

  private static Column column(
      int id, String name, TypeName type, Integer length, boolean nullable, Object byDefault) {
    return new Column(id, name, type, length, nullable, byDefault, null, null);
  }

  static Stream<Arguments> streamed() {
    Decision duplicate = rejected(ErrorCode.DUPLICATE_KEY, "Duplicate key (1) in table 'orders'");
    return Stream.of(
        Arguments.of(Op.INSERT, null, 1_049, put(1L, "bob", 3.0, "x", null)),
        Arguments.of(Op.INSERT, 1_000, 1_999, duplicate),
        Arguments.of(Op.INSERT, 1_000, 2_000, put(1L, "bob", 3.0, "x", null)),
        Arguments.of(Op.UPSERT, null, 1_049, appendOnly("UPSERT")),
        Arguments.of(Op.UPDATE, 1_000, 1_049, appendOnly("UPDATE")),
        Arguments.of(Op.DELETE, 1_000, 1_049, appendOnly("DELETE")));
  }

  private static Decision appendOnly(String op) {
    return rejected(
        ErrorCode.STREAM_TABLE_APPEND_ONLY,
        "Stream table 'orders' is append-only: " + op + " is not possible");
  }

  @ParameterizedTest(name = "{0} at {2} over a row of {1}")
  @MethodSource("streamed")
  void a_stream_table_takes_inserts_and_forgets_by_the_logs_time(
      Op op, Integer rowOf, long at, Decision expected) {
    Optional<Row> there =
        Optional.ofNullable(rowOf)
            .map(updated -> new Row(Arrays.asList(1L, "ann", 2.0, "n", null), 3, updated));
    LoggedChange change =
        new LoggedChange(Orders.key(1), full(op, null), Orders.partition(1), 50, at);
    Decision decision = new ChangeRules(Orders.stream(1L)).decide(there, change, RuleSet.NONE);
    assertThat(decision)
        .isEqualTo(
            expected instanceof Decision.Put put
                ? new Decision.Put(new Row(put.row().values(), 50, at))
                : expected);
  }

  @Test
  void a_stream_table_without_a_ttl_keeps_its_rows_for_ever() {
    LoggedChange late =
        new LoggedChange(
            Orders.key(1), full(Op.INSERT, null), Orders.partition(1), 50, Long.MAX_VALUE);
    assertThat(new ChangeRules(Orders.stream(null)).decide(present(), late, RuleSet.NONE))
        .isEqualTo(rejected(ErrorCode.DUPLICATE_KEY, "Duplicate key (1) in table 'orders'"));
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
