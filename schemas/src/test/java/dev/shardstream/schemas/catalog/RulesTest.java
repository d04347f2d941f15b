package dev.shardstream.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesTest {
  private final Table table =
      TableEvolution.next(
              IndexDefinition.added(
                  Samples.table(Samples.create("orders").build()),
                  new Index(1, "u", true, List.of(2, 1), IndexStatus.BUILDING, null, null, "c1")),
              new AddColumn(new ColumnDefinition("n", TypeName.BIGINT, null, true, 5L), false),
              new Samples.View())
          .orElseThrow();

  @Test
  void a_column_that_takes_no_null_says_what_rows_of_older_writers_have() {
    assertThat(Rules.of(table, Rules.notNullId(2), true))
        .isEqualTo(
            new Rule("n2", "shop-orders-1", RuleKind.NOT_NULL, List.of(2), "note", true, true));
    assertThat(Rules.of(table, Rules.notNullId(3), false))
        .isEqualTo(
            new Rule("n3", "shop-orders-1", RuleKind.NOT_NULL, List.of(3), "n", false, false));
  }

  @Test
  void a_unique_index_is_a_rule_about_its_columns() {
    assertThat(Rules.of(table, Rules.uniqueId(1), true))
        .isEqualTo(
            new Rule("u1", "shop-orders-1", RuleKind.UNIQUE, List.of(2, 1), "u", false, true));
  }
}
