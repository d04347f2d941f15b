package dev.shardstream.systemtests.cluster;

import dev.shardstream.producer.api.Shardstream;

/** A cluster as its clients see it, wherever its processes run. */
public interface Clients {
  /** A client that is open as long as the cluster runs. */
  Shardstream client();

  /** One more client, which the caller closes. */
  Shardstream connect();
}
