package dev.shardstream.streams.order;

import java.util.Set;

/**
 * Where a command stands.
 *
 * @param key its place in the order of all
 * @param settled whether it holds nobody up any more
 * @param names the names in whose queues it stands; they follow from operation and rank
 */
record Place(OrderKey key, boolean settled, Set<String> names) {
  /** Names follow from the key, so that they need not be compared. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Place place && key.equals(place.key) && settled == place.settled;
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}
