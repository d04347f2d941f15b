package dev.shardstream.worker.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is stored.
 *
 * @param values stored values in the order of the table's columns
 * @param version log offset of its last accepted change
 * @param updated log timestamp of that change, milliseconds since the epoch
 */
public record Row(List<@Nullable Object> values, long version, long updated) {}
