/**
 * What is left when something is lost: each loss is made, and mended as docs/recovery.md says.
 *
 * <p>Start at {@link dev.shardstream.systemtests.recovery.DrillIT}.
 */
@NullMarked
package dev.shardstream.systemtests.recovery;

import org.jspecify.annotations.NullMarked;
