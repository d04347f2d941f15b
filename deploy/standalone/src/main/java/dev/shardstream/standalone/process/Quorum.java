package dev.shardstream.standalone.process;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The brokers of a cluster, each a controller too.
 *
 * @param members in the order of their numbers, at least one
 */
public record Quorum(List<Member> members) {
  /** With one away of three, what was acknowledged is still on two. */
  private static final int MOST_REPLICAS = 3;

  /**
   * One broker.
   *
   * @param host of clients and of other brokers; controllers are on this machine
   * @param port of clients and of other brokers
   * @param controllerPort of the controllers among themselves
   */
  public record Member(String host, int port, int controllerPort) {
    String address() {
      return host + ":" + port;
    }
  }

  public Quorum {
    members = List.copyOf(members);
  }

  /** A broker alone. */
  public static Quorum of(int port, int controllerPort) {
    return new Quorum(List.of(new Member(Ports.HOST, port, controllerPort)));
  }

  /** For {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return members.stream().map(Member::address).collect(Collectors.joining(","));
  }

  /**
   * @param number from 1
   */
  Member member(int number) {
    return members.get(number - 1);
  }

  /** Copies of each partition. */
  int replicas() {
    return Math.min(MOST_REPLICAS, members.size());
  }

  /** Copies that an acknowledged write is on. */
  int minInSyncReplicas() {
    return Math.max(1, replicas() - 1);
  }
}
