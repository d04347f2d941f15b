package dev.shardstream.systemtests.snapshot;

import static org.awaitility.Awaitility.await;

import dev.shardstream.standalone.process.Ports;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.TestPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A store that speaks S3: a process of its own, with one bucket, for one user. Its objects are
 * files.
 */
final class S3Server implements AutoCloseable {
  static final String BUCKET = "snapshots";

  private static final String USER = "operator";
  private static final String SECRET = "a secret of this test";

  private final Process process;
  private final int port;

  private S3Server(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param directory for its files; made if there is none
   */
  static S3Server start(Path directory) throws IOException {
    int port = Ports.choose(new Random(), Set.of());
    Path objects = directory.resolve("objects");
    Files.createDirectories(objects.resolve(BUCKET));
    Path settings =
        Files.write(
            directory.resolve("s3proxy.conf"),
            List.of(
                "s3proxy.endpoint=http://" + Ports.HOST + ":" + port,
                "s3proxy.authorization=aws-v4",
                "s3proxy.identity=" + USER,
                "s3proxy.credential=" + SECRET,
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + objects));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                TestPaths.s3Server().toString(),
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("s3proxy.out").toFile())
            .start();
    await("the store listens on " + port)
        .atMost(Patience.ONE_STEP)
        .until(() -> !process.isAlive() || Ports.isOpen(Ports.HOST, port));
    if (!process.isAlive()) {
      throw new IllegalStateException("The store has ended by itself, see " + directory);
    }
    return new S3Server(process, port);
  }

  /** What a process needs to know of it, as variables of its environment. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL_S3", "http://" + Ports.HOST + ":" + port,
        "AWS_ACCESS_KEY_ID", USER,
        "AWS_SECRET_ACCESS_KEY", SECRET);
  }

  /** The same, as system properties. */
  Map<String, String> properties() {
    return Map.of(
        "aws.endpointUrlS3", "http://" + Ports.HOST + ":" + port,
        "aws.accessKeyId", USER,
        "aws.secretAccessKey", SECRET);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    await("the store ends").atMost(Patience.ONE_STEP).until(() -> !process.isAlive());
  }
}
