package dev.shardstream.standalone.process;

import dev.shardstream.schemas.config.HttpServerKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A process of Shardstream's own: a main class, one properties file, and HTTP that says when. */
abstract class ServiceProcess extends JavaProcess {
  private final String main;
  private final int port;
  private final Map<String, String> settings;

  /**
   * @param main its main class, which takes the properties file
   * @param port of its HTTP server
   * @param settings its configuration: where the cluster is, and what differs from the defaults
   */
  ServiceProcess(
      String name, String main, ProcessContext context, int port, Map<String, String> settings) {
    super(name, context);
    this.main = main;
    this.port = port;
    this.settings = Map.copyOf(settings);
  }

  /** Where it keeps the properties file that is written at each start. */
  abstract Path configuration();

  /** What only a process on this machine needs to be told, besides the HTTP address. */
  abstract Map<String, String> localSettings();

  /** The address of its HTTP server, for clients and for other processes. */
  public final String url() {
    return "http://" + context().host() + ":" + port;
  }

  @Override
  public final String endpoint() {
    return url();
  }

  @Override
  protected Duration stopLimit() {
    return Duration.ofSeconds(20);
  }

  @Override
  protected void prepare() {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("http.host", context().host());
    all.put("http.port", Integer.toString(port));
    if (!context().site().equals(Site.LOCAL)) {
      // Who lays a network around the processes says who gets into it.
      all.putIfAbsent(HttpServerKeys.AUTH, HttpServerKeys.AUTH_NONE);
    }
    all.putAll(localSettings());
    PropertiesFile.write(configuration(), all);
  }

  @Override
  protected List<String> command() {
    return List.of("--enable-native-access=ALL-UNNAMED", main, configuration().toString());
  }

  @Override
  protected boolean answers() {
    return HttpProbe.isOk(url() + "/readyz");
  }
}
