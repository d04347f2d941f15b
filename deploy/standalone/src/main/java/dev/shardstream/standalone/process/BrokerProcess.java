package dev.shardstream.standalone.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A Kafka broker that is its own controller, for one machine; its storage outlives it. */
public class BrokerProcess extends JavaProcess {
  /** The process's name and that of its log. */
  public static final String NAME = "broker";

  private final int port;
  private final int controllerPort;

  /**
   * @param port of clients
   * @param controllerPort of the controller's quorum of one
   */
  public BrokerProcess(ProcessContext context, int port, int controllerPort) {
    super(NAME, context);
    this.port = port;
    this.controllerPort = controllerPort;
  }

  /** For {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return Ports.HOST + ":" + port;
  }

  @Override
  public String endpoint() {
    return bootstrapServers();
  }

  @Override
  public JvmSize size() {
    return new JvmSize(320, 128);
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
    PropertiesFile.write(serverProperties(), BrokerSettings.of(port, controllerPort, storage()));
    if (!Files.exists(storage().resolve("meta.properties"))) {
      BrokerStorage.format(context(), serverProperties());
    }
  }

  @Override
  protected List<String> command() {
    return List.of("kafka.Kafka", serverProperties().toString());
  }

  @Override
  protected boolean answers() {
    return Ports.isOpen(port) && BrokerProbe.isReady(bootstrapServers());
  }

  private Path serverProperties() {
    return context().directory().kafka().resolve("server.properties");
  }

  private Path storage() {
    return context().directory().kafka().resolve("data");
  }
}
