package dev.shardstream.standalone.cluster;

import dev.shardstream.standalone.process.Site;
import java.util.List;

/**
 * Where the processes of a cluster run.
 *
 * @param center of brokers, registry and control planes, and of workers that have no site
 * @param workers of the first workers, in the order of their numbers
 */
public record Sites(Site center, List<Site> workers) {
  /** Everything on this machine. */
  public static final Sites LOCAL = new Sites(Site.LOCAL, List.of());

  public Sites {
    workers = List.copyOf(workers);
  }

  /**
   * @param number from 1
   */
  Site worker(int number) {
    return number <= workers.size() ? workers.get(number - 1) : center;
  }
}
