package dev.shardstream.standalone.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** Ports on the loopback interface. */
public final class Ports {
  /** All servers of a standalone cluster listen here, unless their site says otherwise. */
  public static final String HOST = "127.0.0.1";

  // Below the range from which systems take the ports of outgoing connections, so that a port that
  // was chosen once is still free at the next start.
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final int TRIES = 1_000;
  private static final int CONNECT_MILLIS = 500;

  private Ports() {}

  /**
   * A port that nobody listens on.
   *
   * @param taken ports that are spoken for although nobody listens yet
   */
  public static int choose(RandomGenerator random, Set<Integer> taken) {
    return choose(random, taken, Ports::isFree);
  }

  /**
   * A port of those from which {@link #choose(RandomGenerator, Set)} chooses.
   *
   * @param taken ports that are spoken for although nobody listens yet
   * @param isFree whether nobody listens on a port
   */
  public static int choose(RandomGenerator random, Set<Integer> taken, IntPredicate isFree) {
    for (int i = 0; i < TRIES; i++) {
      int port = random.nextInt(FIRST, END);
      if (!taken.contains(port) && isFree.test(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port between " + FIRST + " and " + END);
  }

  /** Whether a server could listen on the port now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether a server listens on the port. Asked by connecting: to try to listen there oneself could
   * take the port away from the server that is about to.
   */
  public static boolean isOpen(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
