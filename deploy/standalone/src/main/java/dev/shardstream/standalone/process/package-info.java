/**
 * One JVM as a thing to start, wait for, stop, kill and start again: broker, registry, control
 * plane and workers.
 *
 * <p>Knows the file layout of a data directory and of the installation, and the settings each
 * process needs; knows nothing of tables or reshards. Start at {@link
 * dev.shardstream.standalone.process.JavaProcess}.
 */
@NullMarked
package dev.shardstream.standalone.process;

import org.jspecify.annotations.NullMarked;
