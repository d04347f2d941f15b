package dev.shardstream.producer.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a CSV file, or a line of it that is none.
 *
 * @param line number of its first line, from 1
 * @param text as it stands in the file, without the end of its last line
 * @param fields its fields: null where there is nothing, not even quotes; none at all when it
 *     cannot be read
 * @param problem why it cannot be read; null for a good one
 */
record CsvRecord(long line, String text, List<@Nullable String> fields, @Nullable String problem) {
  CsvRecord {
    fields = Collections.unmodifiableList(new ArrayList<>(fields));
  }
}
