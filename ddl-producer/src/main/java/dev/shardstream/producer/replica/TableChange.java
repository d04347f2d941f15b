package dev.shardstream.producer.replica;

import dev.shardstream.schemas.event.Table;
import org.jspecify.annotations.Nullable;

/**
 * A table of a replica has changed; the local database has the change already.
 *
 * @param tableId which table
 * @param before its definition until now, null when it was not there
 * @param after its definition from now on, null when it is gone
 */
public record TableChange(String tableId, @Nullable Table before, @Nullable Table after) {}
