/**
 * Programs that a test runs as a person would: with arguments and input, for what they print and
 * their exit status.
 *
 * <p>Start at {@link dev.shardstream.systemtests.process.ProgramRun}.
 */
@NullMarked
package dev.shardstream.systemtests.process;

import org.jspecify.annotations.NullMarked;
