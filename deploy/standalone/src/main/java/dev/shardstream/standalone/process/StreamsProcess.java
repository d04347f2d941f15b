package dev.shardstream.standalone.process;

import java.nio.file.Path;
import java.util.Map;

/** The control plane. */
public class StreamsProcess extends ServiceProcess {
  /** The name of the first one and of its log. */
  public static final String NAME = "streams-app";

  private static final String MAIN = "dev.shardstream.streams.StreamsMain";

  /**
   * @param number from 1
   * @param settings its configuration: where the cluster is, and what differs from the defaults
   */
  public StreamsProcess(
      ProcessContext context, int number, int port, Map<String, String> settings) {
    super(name(number), MAIN, context, port, settings);
  }

  /** The name of the process of that number, from 1. */
  public static String name(int number) {
    return number == 1 ? NAME : NAME + "-" + number;
  }

  @Override
  public JvmSize size() {
    return new JvmSize(256, 128);
  }

  @Override
  Path configuration() {
    return context().directory().streams(name()).resolve("streams.properties");
  }

  @Override
  Map<String, String> localSettings() {
    return Map.of(
        "instance.id", name(),
        "state.dir", context().directory().streams(name()).resolve("state").toString());
  }
}
