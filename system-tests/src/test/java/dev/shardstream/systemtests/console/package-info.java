/**
 * The web console in a real browser, over real processes: what it shows, and that all of it can be
 * done by clicking, with the keyboard alone, on a phone, and by who does not see it.
 *
 * <p>Needs Debian's {@code chromium} and {@code chromium-driver}; left out where they are not.
 * Start at {@link dev.shardstream.systemtests.console.ConsoleIT}.
 */
@NullMarked
package dev.shardstream.systemtests.console;

import org.jspecify.annotations.NullMarked;
