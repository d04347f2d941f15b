package dev.shardstream.standalone.process;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The schema registry, with its schemas and their ids in a file. */
public class RegistryProcess extends JavaProcess {
  /** The process's name and that of its log. */
  public static final String NAME = "registry";

  private final int port;

  public RegistryProcess(ProcessContext context, int port) {
    super(NAME, context);
    this.port = port;
  }

  /** For {@code schema.registry.url}: the registry's API in Confluent's notation. */
  public String url() {
    return "http://" + context().host() + ":" + port + "/apis/ccompat/v7";
  }

  @Override
  public String endpoint() {
    return url();
  }

  @Override
  public JvmSize size() {
    return new JvmSize(192, 128);
  }

  @Override
  protected Duration stopLimit() {
    return Duration.ofSeconds(10);
  }

  @Override
  protected void prepare() {
    try {
      Files.createDirectories(context().directory().registry());
      Files.createDirectories(log().getParent());
    } catch (IOException e) {
      throw PropertiesFile.unusable(context().directory().registry(), e);
    }
  }

  @Override
  protected List<String> command() {
    return List.of(
        // Optimising compilation would cost more than it brings for a few requests a minute.
        "-XX:TieredStopAtLevel=1",
        "-Dquarkus.http.host=" + context().host(),
        "-Dquarkus.http.port=" + port,
        "-Dquarkus.datasource.jdbc.url=" + database(),
        "-Dquarkus.datasource.jdbc.initial-size=1",
        "-Dquarkus.datasource.jdbc.min-size=1",
        "-Dquarkus.datasource.jdbc.max-size=8",
        "-Dquarkus.banner.enabled=false",
        "-Dquarkus.log.console.enable=false",
        "-Dquarkus.log.file.enable=true",
        "-Dquarkus.log.file.path=" + log(),
        "-Dquarkus.log.file.rotation.max-file-size=10M",
        "-Dquarkus.log.file.rotation.max-backup-index=2",
        "-jar",
        runner().toString());
  }

  /**
   * The registry's own database, in a file instead of in memory. Its writes must not wait in a
   * buffer (WRITE_DELAY), or a kill loses ids that logs already carry; and its lock must be the
   * system's (FILE_LOCK), or a kill leaves one behind.
   */
  private String database() {
    Path file = context().directory().registry().resolve("registry");
    return "jdbc:h2:file:" + file + ";WRITE_DELAY=0;FILE_LOCK=FS";
  }

  private Path runner() {
    Path registry = context().installation().registry();
    try (Stream<Path> files = Files.list(registry)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(
              () ->
                  new ShardstreamException(
                      ErrorCode.INVALID_CONFIG, "No registry server in " + registry));
    } catch (IOException e) {
      throw PropertiesFile.unusable(registry, e);
    }
  }

  @Override
  protected boolean answers() {
    return HttpProbe.isOk("http://" + context().host() + ":" + port + "/health/ready");
  }
}
