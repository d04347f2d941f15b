/**
 * Commands from their arrival to their last result: known or not, what they wait for, what came of
 * them.
 *
 * <p>Pure; knows nothing of what a command does. Start at {@link
 * dev.shardstream.streams.command.CommandIntake}, then {@link
 * dev.shardstream.streams.command.Dependencies}.
 */
@NullMarked
package dev.shardstream.streams.command;

import org.jspecify.annotations.NullMarked;
