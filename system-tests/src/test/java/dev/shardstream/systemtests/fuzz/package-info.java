/**
 * Bad inputs, made from seeds: statements, commands, log records and requests that are nearly right
 * or not at all. Nothing may crash, hang or leak on them, each is answered by an error with a code,
 * and what is right among them is still done.
 *
 * <p>A short round of each runs in every build; {@code ./mvnw -Pfuzz} runs many. Start at {@link
 * dev.shardstream.systemtests.fuzz.Fuzz}.
 */
@NullMarked
package dev.shardstream.systemtests.fuzz;

import org.jspecify.annotations.NullMarked;
