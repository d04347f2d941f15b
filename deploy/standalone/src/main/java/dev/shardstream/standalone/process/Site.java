package dev.shardstream.standalone.process;

import java.util.List;

/**
 * Where a process runs.
 *
 * @param host the address that it listens on and is reached by
 * @param entry what stands before its command to get there, for example into a network namespace;
 *     it must replace itself by the command
 */
public record Site(String host, List<String> entry) {
  /** This machine, reached from nowhere else. */
  public static final Site LOCAL = new Site(Ports.HOST, List.of());

  public Site {
    entry = List.copyOf(entry);
  }
}
