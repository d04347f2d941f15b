package dev.shardstream.streams.task;

import dev.shardstream.schemas.catalog.CatalogView;
import dev.shardstream.schemas.catalog.TableEvolution;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Table;

/**
 * The version of a table that a command leads to, once it was let begin. Nothing else can change
 * the definition meanwhile, and what could refuse it was looked at then: from its registration on a
 * version must not be refused, because its schema is there for writers to see.
 */
public final class NextTable {
  private NextTable() {}

  /**
   * @param command an ALTER TABLE that changes something
   */
  public static Table decided(Table table, DdlCommand command) {
    AlterTable alter = (AlterTable) command.getOperation();
    return TableEvolution.next(table, alter.getChange(), CatalogView.EMPTY).orElseThrow();
  }
}
