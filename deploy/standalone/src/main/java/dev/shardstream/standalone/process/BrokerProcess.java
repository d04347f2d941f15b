package dev.shardstream.standalone.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** A Kafka broker that is a controller too; its storage outlives it. */
public class BrokerProcess extends JavaProcess {
  /** The name of the first one and of its log. */
  public static final String NAME = "broker";

  private final int number;
  private final Quorum quorum;

  /**
   * @param number from 1: which of the quorum it is
   */
  public BrokerProcess(ProcessContext context, int number, Quorum quorum) {
    super(name(number), context);
    this.number = number;
    this.quorum = quorum;
  }

  /** The name of the process of that number, from 1. */
  public static String name(int number) {
    return number == 1 ? NAME : NAME + "-" + number;
  }

  /** This broker's own address. */
  public String address() {
    return quorum.member(number).address();
  }

  @Override
  public String endpoint() {
    return address();
  }

  @Override
  public JvmSize size() {
    return new JvmSize(320, 128);
  }

  @Override
  protected Duration stopLimit() {
    return Duration.ofSeconds(20);
  }

  @Override
  protected void prepare() {
    PropertiesFile.write(serverProperties(), BrokerSettings.of(number, quorum, storage(number)));
    if (!Files.exists(identity(number))) {
      // The first one to be formatted makes the cluster's id.
      String clusterId =
          number == 1
              ? Uuid.randomUuid().toString()
              : PropertiesFile.read(identity(1)).get("cluster.id");
      BrokerStorage.format(context(), clusterId, serverProperties());
    }
  }

  @Override
  protected List<String> command() {
    return List.of("kafka.Kafka", serverProperties().toString());
  }

  @Override
  protected boolean answers() {
    Quorum.Member own = quorum.member(number);
    return Ports.isOpen(own.host(), own.port()) && BrokerProbe.isReady(address());
  }

  private Path serverProperties() {
    return context().directory().kafka(number).resolve("server.properties");
  }

  private Path storage(int broker) {
    return context().directory().kafka(broker).resolve("data");
  }

  private Path identity(int broker) {
    return storage(broker).resolve("meta.properties");
  }
}
