/**
 * The whole DDL over real processes: every statement as SQL and as an event, schema changes under
 * writers of several versions and under a reshard, processes killed in between.
 */
@NullMarked
package dev.shardstream.systemtests.ddl;

import org.jspecify.annotations.NullMarked;
