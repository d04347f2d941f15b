/**
 * What a user types, as a tree: one grammar (ShardstreamSql.g4), one builder, immutable records.
 *
 * <p>Knows SQL and nothing of catalogs, Kafka or SQLite: whether a table or a column exists is
 * asked later. SELECT is understood as far as a planner needs it; the statement itself is run by
 * SQLite, so its text is kept. Start reading at {@link dev.shardstream.producer.sql.SqlParser},
 * then {@link dev.shardstream.producer.sql.Statement} and {@link
 * dev.shardstream.producer.sql.SelectStatement}.
 */
@NullMarked
package dev.shardstream.producer.sql;

import org.jspecify.annotations.NullMarked;
