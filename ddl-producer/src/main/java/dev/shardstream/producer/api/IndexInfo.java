package dev.shardstream.producer.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of a table.
 *
 * @param name unique in its namespace
 * @param columns names in index order
 * @param type {@code hash} or {@code unique}
 * @param status {@code building}, {@code ready} or {@code failed}
 * @param error why it failed; null if it did not
 * @param comment null for none
 */
public record IndexInfo(
    String name,
    List<String> columns,
    String type,
    String status,
    @Nullable String error,
    @Nullable String comment) {}
