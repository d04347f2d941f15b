package dev.shardstream.producer.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a SELECT answers.
 *
 * @param columns names, in order
 * @param rows stored values (Long, Double, String, byte[] or null), one for each column
 */
public record QueryResult(List<String> columns, List<List<@Nullable Object>> rows) {}
