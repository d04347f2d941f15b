/**
 * A deterministic simulation of the whole protocol: the control plane's decisions and the workers'
 * decisions are the real ones; log, network, clock, disk and processes are simulated in one thread,
 * and everything that happens to them follows from a seed.
 *
 * <p>Start at {@link dev.shardstream.systemtests.simulation.ProtocolSimulation}; what must hold is
 * in {@link dev.shardstream.systemtests.simulation.Checker} and {@link
 * dev.shardstream.systemtests.simulation.Model}.
 */
@NullMarked
package dev.shardstream.systemtests.simulation;

import org.jspecify.annotations.NullMarked;
