/**
 * What every SQLite of ours makes of text that somebody else wrote, in a shard and in a client.
 *
 * <p>Plain Java; knows nothing of JDBC or the driver. Start at {@link
 * dev.shardstream.schemas.sqlite.FatalFunctions}: it says why such text is looked at at all.
 */
@NullMarked
package dev.shardstream.schemas.sqlite;

import org.jspecify.annotations.NullMarked;
