package dev.shardstream.streams.http;

import dev.shardstream.streams.view.CommandBody;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a command that was not rejected.
 *
 * @param commandId its id: giving the same command with it again has no further effect
 * @param outcome what became of it in the time that the caller waits; null when that is not known
 *     yet
 */
public record CommandAnswer(String commandId, @Nullable CommandBody outcome) {}
