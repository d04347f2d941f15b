/**
 * What a program uses: connect, execute SQL, ask about tables, write rows in bulk.
 *
 * <p>Start at {@link dev.shardstream.producer.api.Shardstream}. Everything public here is the API;
 * the other packages of this module may change with any release.
 */
@NullMarked
package dev.shardstream.producer.api;

import org.jspecify.annotations.NullMarked;
