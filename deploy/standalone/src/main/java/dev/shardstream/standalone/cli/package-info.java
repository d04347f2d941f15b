/**
 * What a person types to run everything on one machine: {@code up}, {@code down}, {@code status}.
 *
 * <p>Commands only read options and print; the work is in {@code cluster}. Start at {@link
 * dev.shardstream.standalone.cli.UpCommand}.
 */
@NullMarked
package dev.shardstream.standalone.cli;

import org.jspecify.annotations.NullMarked;
