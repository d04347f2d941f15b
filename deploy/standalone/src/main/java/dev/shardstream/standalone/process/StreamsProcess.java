package dev.shardstream.standalone.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The control plane. */
public class StreamsProcess extends ServiceProcess {
  /** The process's name and that of its log. */
  public static final String NAME = "streams-app";

  private static final String MAIN = "dev.shardstream.streams.StreamsMain";

  /**
   * @param settings its configuration: where the cluster is, and what differs from the defaults
   */
  public StreamsProcess(ProcessContext context, int port, Map<String, String> settings) {
    super(NAME, MAIN, context, port, settings);
  }

  @Override
  public JvmSize size() {
    return new JvmSize(256, 128);
  }

  @Override
  protected Duration startLimit() {
    return Duration.ofSeconds(90);
  }

  @Override
  Path configuration() {
    return context().directory().streams().resolve("streams.properties");
  }

  @Override
  Map<String, String> localSettings() {
    return Map.of("state.dir", context().directory().streams().resolve("state").toString());
  }
}
