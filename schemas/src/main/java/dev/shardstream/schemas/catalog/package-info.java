/**
 * Reading the catalog's records: columns by name and id, keys, shards. The records themselves are
 * the generated classes of package {@code event} (docs/decisions/0003): immutable, one definition
 * for the topic and for the code.
 *
 * <p>Knows nothing of Kafka, HTTP or JDBC. Start at {@link dev.shardstream.schemas.catalog.Tables}.
 */
@NullMarked
package dev.shardstream.schemas.catalog;

import org.jspecify.annotations.NullMarked;
