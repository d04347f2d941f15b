package dev.shardstream.standalone.process;

import java.nio.file.Path;

/**
 * Where the data of one cluster lies. Each part has its own directory, so that one can be copied,
 * measured or removed alone.
 *
 * @param root absolute
 */
public record DataDirectory(Path root) {
  public DataDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /** Held while a process starts, stops or owns the cluster. */
  public Path lock() {
    return root.resolve("lock");
  }

  /** Ports and number of nodes, kept from one start to the next. */
  public Path clusterProperties() {
    return root.resolve("cluster.properties");
  }

  /** What a client needs to connect; there only while the cluster is up. */
  public Path clientProperties() {
    return root.resolve("client.properties");
  }

  /**
   * @param broker from 1
   */
  public Path kafka(int broker) {
    return root.resolve(broker == 1 ? "kafka" : "kafka-" + broker);
  }

  public Path registry() {
    return root.resolve("registry");
  }

  public Path streams(String name) {
    return root.resolve(name.equals(StreamsProcess.NAME) ? "streams" : name);
  }

  /**
   * @param number from 1
   */
  public Path node(int number) {
    return root.resolve("node-" + number);
  }

  /** The log of a process, written and rotated by the process itself. */
  public Path log(String process) {
    return root.resolve("logs").resolve(process + ".log");
  }

  /** What a process printed outside its log: the JVM's own words when it cannot start or dies. */
  public Path output(String process) {
    return root.resolve("logs").resolve(process + ".out");
  }

  public Path pid(String process) {
    return root.resolve("run").resolve(process + ".pid");
  }
}
