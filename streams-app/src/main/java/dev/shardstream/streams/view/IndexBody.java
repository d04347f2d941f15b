package dev.shardstream.streams.view;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index.
 *
 * @param id stable, never used again in its table
 * @param name its name
 * @param unique whether equal values are refused
 * @param columns names in index order
 * @param status {@code building}, {@code ready} or {@code failed}
 * @param error why it failed; null if it did not
 * @param comment null for none
 */
public record IndexBody(
    int id,
    String name,
    boolean unique,
    List<String> columns,
    String status,
    @Nullable String error,
    @Nullable String comment) {

  static IndexBody of(Table table, Index index) {
    return new IndexBody(
        index.getId(),
        index.getName(),
        index.getUnique(),
        index.getColumns().stream().map(id -> Tables.column(table, id).getName()).toList(),
        Words.of(index.getStatus()),
        index.getError(),
        index.getComment());
  }
}
