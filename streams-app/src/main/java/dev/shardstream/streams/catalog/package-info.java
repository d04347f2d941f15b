/**
 * Tables: what a definition must fulfil, how a table comes to be and how it goes.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.catalog.TableCreation}; the two lives of a table
 * are {@link dev.shardstream.streams.catalog.TableCreation} and {@link
 * dev.shardstream.streams.catalog.TableDrop}.
 */
@NullMarked
package dev.shardstream.streams.catalog;

import org.jspecify.annotations.NullMarked;
