package dev.shardstream.standalone.replay;

import dev.shardstream.schemas.event.DdlCommand;

/**
 * A command as it stands in the log.
 *
 * @param key key of its record: the database
 * @param at timestamp of its record, milliseconds since the epoch
 */
record LoggedCommand(String key, DdlCommand command, long at) {}
