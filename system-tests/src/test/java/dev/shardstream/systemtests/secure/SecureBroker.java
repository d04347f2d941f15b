package dev.shardstream.systemtests.secure;

import static org.awaitility.Awaitility.await;

import dev.shardstream.standalone.process.Ports;
import dev.shardstream.systemtests.cluster.Patience;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/** A broker of its own process, with SASL_SSL and Kafka's authorizer. */
final class SecureBroker implements AutoCloseable {
  private static final String ADMIN = "admin";
  private static final String MECHANISM = "PLAIN";

  private final Path directory;
  private final Path authority;
  private final int port;
  private final Process process;

  private SecureBroker(Path directory, Path authority, int port, Process process) {
    this.directory = directory;
    this.authority = authority;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts a broker; returns when it answers.
   *
   * @param directory empty
   * @param tls with the certificates of the tests
   * @param users who can log in; their password is their name
   */
  static SecureBroker start(Path directory, Path tls, Collection<String> users) throws Exception {
    int port = Ports.choose(new Random(), Set.of());
    Path own = directory.resolve("broker.pem");
    Files.writeString(
        own,
        Files.readString(tls.resolve("server.key")) + Files.readString(tls.resolve("server.crt")));
    Path authority = tls.resolve("authority.crt").toAbsolutePath();
    Path properties = directory.resolve("server.properties");
    try (Writer out = Files.newBufferedWriter(properties)) {
      settings(directory, own, authority, port, users).store(out, null);
    }
    Process format =
        java(
            directory,
            "format",
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            Uuid.randomUuid().toString(),
            "--config",
            properties.toString());
    if (!format.waitFor(Patience.ONE_STEP.toSeconds(), TimeUnit.SECONDS)
        || format.exitValue() != 0) {
      throw new IllegalStateException("The broker's storage was not formatted, see " + directory);
    }
    SecureBroker broker =
        new SecureBroker(
            directory,
            authority,
            port,
            java(directory, "broker", "kafka.Kafka", properties.toString()));
    broker.awaitReady();
    return broker;
  }

  private static Process java(Path directory, String name, String... command) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
    String logging = System.getProperty("logback.configurationFile");
    if (logging != null) {
      all.add("-Dlogback.configurationFile=" + logging);
    }
    all.addAll(List.of(command));
    File output = directory.resolve(name + ".out").toFile();
    return new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output).start();
  }

  private static Properties settings(
      Path directory, Path own, Path authority, int port, Collection<String> users) {
    int controller = Ports.choose(new Random(), Set.of(port));
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "controller.quorum.voters", "1@127.0.0.1:" + controller,
            "listeners", "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
            "advertised.listeners", "CLIENTS://127.0.0.1:" + port,
            "listener.security.protocol.map", "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name", "CLIENTS",
            "controller.listener.names", "CONTROLLER",
            "log.dirs", directory.resolve("data").toString(),
            "auto.create.topics.enable", "false"));
    settings.putAll(
        Map.of(
            "sasl.enabled.mechanisms",
            MECHANISM,
            "sasl.mechanism.inter.broker.protocol",
            MECHANISM,
            "listener.name.clients.plain.sasl.jaas.config",
            logins(users),
            "ssl.keystore.type",
            "PEM",
            "ssl.keystore.location",
            own.toString(),
            "ssl.truststore.type",
            "PEM",
            "ssl.truststore.location",
            authority.toString(),
            "authorizer.class.name",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found",
            "false",
            // The controller listens on the loopback address only, and has no login.
            "super.users",
            "User:" + ADMIN + ";User:ANONYMOUS"));
    settings.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "offsets.topic.num.partitions", "4",
            "transaction.state.log.num.partitions", "4",
            "group.initial.rebalance.delay.ms", "0",
            "log.cleaner.dedupe.buffer.size", "16777216"));
    return settings;
  }

  private static String logins(Collection<String> users) {
    return login(ADMIN).replace(";", "")
        + " user_"
        + ADMIN
        + "=\""
        + ADMIN
        + "\" "
        + users.stream()
            .map(user -> "user_" + user + "=\"" + user + "\"")
            .collect(Collectors.joining(" "))
        + ";";
  }

  private static String login(String user) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
        + user
        + "\" password=\""
        + user
        + "\";";
  }

  /** What a Kafka client of that user needs. */
  private Map<String, String> security(String user) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        MECHANISM,
        "sasl.jaas.config",
        login(user),
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        authority.toString());
  }

  private String address() {
    return "127.0.0.1:" + port;
  }

  /** What a process of Shardstream needs that runs as that user. */
  Map<String, String> settings(String user) {
    Map<String, String> settings =
        security(user).entrySet().stream()
            .collect(Collectors.toMap(e -> "kafka." + e.getKey(), Map.Entry::getValue));
    settings.put("bootstrap.servers", address());
    return settings;
  }

  /** Gives rights, and returns when the broker goes by them: it acknowledges them earlier. */
  void grant(Collection<AclBinding> rights) throws Exception {
    try (Admin admin = admin()) {
      admin.createAcls(rights).all().get(Patience.ONE_STEP.toSeconds(), TimeUnit.SECONDS);
      await("the broker knows of " + rights.size() + " rights")
          .atMost(Patience.ONE_STEP)
          .ignoreExceptions()
          .until(
              () ->
                  admin
                      .describeAcls(AclBindingFilter.ANY)
                      .values()
                      .get(Patience.ONE_STEP.toSeconds(), TimeUnit.SECONDS)
                      .containsAll(rights));
    }
  }

  /** With all rights. */
  private Admin admin() {
    Map<String, Object> settings = new java.util.HashMap<>(security(ADMIN));
    settings.put("bootstrap.servers", address());
    return Admin.create(settings);
  }

  private void awaitReady() {
    try (Admin admin = admin()) {
      await("the broker, see " + directory)
          .atMost(Patience.ONE_STEP)
          .ignoreExceptions()
          .until(() -> !admin.describeCluster().nodes().get(20, TimeUnit.SECONDS).isEmpty());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
