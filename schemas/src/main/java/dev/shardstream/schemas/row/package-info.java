/**
 * Rows in the log: the Avro schema of a table version, the change it carries, and how a change
 * written under one version is read under another.
 *
 * <p>A "stored value" is what SQLite keeps: Long, Double, String, byte[] or null. Start at {@link
 * dev.shardstream.schemas.row.RowChange}.
 */
@NullMarked
package dev.shardstream.schemas.row;

import org.jspecify.annotations.NullMarked;
