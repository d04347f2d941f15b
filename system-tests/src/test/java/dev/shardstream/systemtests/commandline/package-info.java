/**
 * The command line as a person uses it: each command is a process of its own, run from the
 * installation that the build laid out.
 *
 * <p>Start at {@link dev.shardstream.systemtests.commandline.CommandLineIT}.
 */
@NullMarked
package dev.shardstream.systemtests.commandline;

import org.jspecify.annotations.NullMarked;
