/**
 * Pages of {@code docs} that are made from the code of more than one module, held against it.
 *
 * <p>They stand in this module because it is the only one that knows all the others.
 */
@NullMarked
package dev.shardstream.standalone.docs;

import org.jspecify.annotations.NullMarked;
