package dev.shardstream.standalone.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The control plane. */
public final class StreamsProcess extends JavaProcess {
  /** The process's name and that of its log. */
  public static final String NAME = "streams-app";

  private static final String MAIN = "dev.shardstream.streams.StreamsMain";

  private final int port;
  private final Map<String, String> settings;

  /**
   * @param settings its configuration: where the cluster is, and what differs from the defaults
   */
  public StreamsProcess(ProcessContext context, int port, Map<String, String> settings) {
    super(NAME, context);
    this.port = port;
    this.settings = Map.copyOf(settings);
  }

  /** Its HTTP API. */
  public String url() {
    return "http://" + Ports.HOST + ":" + port;
  }

  @Override
  public String endpoint() {
    return url();
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
  protected Duration stopLimit() {
    return Duration.ofSeconds(20);
  }

  @Override
  protected void prepare() {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("http.host", Ports.HOST);
    all.put("http.port", Integer.toString(port));
    all.put("state.dir", context().directory().streams().resolve("state").toString());
    PropertiesFile.write(configuration(), all);
  }

  @Override
  protected List<String> command() {
    return List.of("--enable-native-access=ALL-UNNAMED", MAIN, configuration().toString());
  }

  @Override
  protected boolean answers() {
    return HttpProbe.isOk(url() + "/readyz");
  }

  private Path configuration() {
    return context().directory().streams().resolve("streams.properties");
  }
}
