/**
 * A workload that can be judged: TPC-H orders, writers and readers that go on during a reshard, and
 * an independent model of what was acknowledged.
 *
 * <p>It uses Shardstream as any application would, through the client's Java API, and shares no
 * code with what it judges. The demo and the system tests stand on it. Start at {@link
 * dev.shardstream.standalone.workload.AcknowledgedModel}.
 */
@NullMarked
package dev.shardstream.standalone.workload;

import org.jspecify.annotations.NullMarked;
