/**
 * What a person types to use a cluster: {@code sql}, {@code import}, {@code export}, {@code
 * reshard}, {@code ddl}.
 *
 * <p>Commands read options, use the client library as any program would, and print. One class per
 * command; {@link dev.shardstream.producer.cli.ClientCommands} lists them. Start at {@link
 * dev.shardstream.producer.cli.ClientCommand}.
 */
@NullMarked
package dev.shardstream.producer.cli;

import org.jspecify.annotations.NullMarked;
