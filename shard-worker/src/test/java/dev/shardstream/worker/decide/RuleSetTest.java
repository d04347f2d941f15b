package dev.shardstream.worker.decide;

import static dev.shardstream.worker.Accounts.AMOUNT;
import static dev.shardstream.worker.Accounts.EMAIL;
import static dev.shardstream.worker.Accounts.NOTE;
import static dev.shardstream.worker.Accounts.RANK;
import static dev.shardstream.worker.Accounts.VERSIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.Accounts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleSetTest {
  private static final int GONE = 5;

  private static RowChange change(int version, Op op, Object... columns) {
    return Accounts.change(VERSIONS.get(version - 1), op, "eu", 1, columns);
  }

  /** By a writer of a version from which a column has been dropped. */
  private static RowChange afterTheDrop(Op op) {
    RowVersion second = VERSIONS.get(1);
    RowVersion dropped = new RowVersion(second.tableId(), 3, 6, second.columns().subList(0, 4));
    return Accounts.change(dropped, op, "eu", 1);
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("set to a value", EMAIL, true, change(1, Op.INSERT, EMAIL, "a"), false),
        Arguments.of("set to NULL", EMAIL, false, change(1, Op.INSERT, EMAIL, null), true),
        Arguments.of("upsert to NULL", EMAIL, false, change(1, Op.UPSERT, EMAIL, null), true),
        Arguments.of("update to NULL", EMAIL, false, change(1, Op.UPDATE, EMAIL, null), true),
        Arguments.of("update of another column", EMAIL, true, change(1, Op.UPDATE), false),
        Arguments.of("not set, no default", EMAIL, false, change(1, Op.INSERT), true),
        Arguments.of("not set, default", AMOUNT, true, change(1, Op.INSERT), false),
        Arguments.of("older, initial default", RANK, false, change(1, Op.INSERT), false),
        Arguments.of("older, initially NULL", RANK, true, change(1, Op.INSERT), true),
        Arguments.of("older, update", RANK, true, change(1, Op.UPDATE, EMAIL, "a"), false),
        Arguments.of("known, no default", RANK, false, change(2, Op.UPSERT), true),
        Arguments.of("known, default since", RANK, true, change(3, Op.UPSERT), false),
        Arguments.of("dropped", GONE, true, afterTheDrop(Op.INSERT), false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void a_not_null_rule_looks_at_what_the_change_puts_into_the_column(
      String name, int columnId, boolean initialNull, RowChange change, boolean broken) {
    Rule rule = Accounts.notNull(columnId, initialNull, true);
    assertThat(new RuleSet(List.of(rule)).brokenByNull(change))
        .isEqualTo(broken ? Optional.of(rule) : Optional.empty());
  }

  @Test
  void a_rule_replaces_the_one_of_its_id_and_goes_when_it_is_lifted() {
    RuleSet first = RuleSet.NONE.after(Accounts.unique(2, true, 1, 3));
    RuleSet second = first.after(Accounts.unique(1, true, 1, 4));
    RuleSet third = second.after(Accounts.unique(2, true, 1, 5));
    assertThat(third.unique())
        .containsExactly(Accounts.unique(1, true, 1, 4), Accounts.unique(2, true, 1, 5));
    assertThat(third.after(Accounts.unique(1, false, 1, 4)).unique())
        .containsExactly(Accounts.unique(2, true, 1, 5));
    assertThat(first.unique()).containsExactly(Accounts.unique(2, true, 1, 3));
  }

  @Test
  void of_several_broken_rules_the_first_by_id_is_named_whatever_their_order() {
    Rule email = Accounts.notNull(EMAIL, false, true);
    Rule note = Accounts.notNull(NOTE, true, true);
    for (List<Rule> rules : List.of(List.of(email, note), List.of(note, email))) {
      assertThat(new RuleSet(rules).brokenByNull(change(1, Op.INSERT))).contains(email);
    }
  }
}
