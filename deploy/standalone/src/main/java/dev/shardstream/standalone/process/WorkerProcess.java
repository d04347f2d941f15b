package dev.shardstream.standalone.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One shard worker: a node. */
public final class WorkerProcess extends JavaProcess {
  private static final String MAIN = "dev.shardstream.worker.WorkerMain";

  private final int number;
  private final int port;
  private final Map<String, String> settings;

  /**
   * @param number of the node, from 1
   * @param settings its configuration: where the cluster is, and what differs from the defaults
   */
  public WorkerProcess(ProcessContext context, int number, int port, Map<String, String> settings) {
    super(nodeId(number), context);
    this.number = number;
    this.port = port;
    this.settings = Map.copyOf(settings);
  }

  /** The node id of a number, which is the process's name too. */
  public static String nodeId(int number) {
    return "node-" + number;
  }

  /** The address that other nodes and clients use. */
  public String url() {
    return "http://" + Ports.HOST + ":" + port;
  }

  /** Where the node keeps its shards. */
  public Path dataDirectory() {
    return context().directory().node(number).resolve("data");
  }

  @Override
  public String endpoint() {
    return url();
  }

  @Override
  public JvmSize size() {
    return new JvmSize(384, 128);
  }

  @Override
  protected Duration startLimit() {
    return Duration.ofSeconds(60);
  }

  @Override
  protected Duration stopLimit() {
    return Duration.ofSeconds(20);
  }

  @Override
  protected void prepare() {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("node.id", nodeId(number));
    all.put("http.host", Ports.HOST);
    all.put("http.port", Integer.toString(port));
    all.put("advertised.url", url());
    all.put("data.dir", dataDirectory().toString());
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
    return context().directory().node(number).resolve("worker.properties");
  }
}
