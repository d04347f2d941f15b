/**
 * Everything in one command: the entry point of the launcher script.
 *
 * <p>Start at {@link dev.shardstream.standalone.StandaloneMain}; {@code cluster} says what runs and
 * in which order, {@code process} how one JVM is started, watched and ended, {@code cli} what a
 * person types. This module may know all the others, and none of them knows it.
 */
@NullMarked
package dev.shardstream.standalone;

import org.jspecify.annotations.NullMarked;
