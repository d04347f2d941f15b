/**
 * The demo: a live reshard that is judged by an independent model, and its report.
 *
 * <p>It is the main job of Shardstream from two commands. Start at {@link
 * dev.shardstream.standalone.demo.Demo}.
 */
@NullMarked
package dev.shardstream.standalone.demo;

import org.jspecify.annotations.NullMarked;
