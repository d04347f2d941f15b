package dev.shardstream.standalone.process;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the program itself lies.
 *
 * @param classPath of our processes and of the broker, in the JVM's notation
 * @param registry the unpacked schema registry; its jars never meet ours
 * @param jvmOptions what every JVM gets after its own options
 */
public record Installation(String classPath, Path registry, List<String> jvmOptions) {
  /** Environment variable with options for every JVM, separated by blanks. */
  public static final String JVM_OPTIONS = "SHARDSTREAM_JVM_OPTIONS";

  /**
   * System property with the directory that the build lays out: {@code lib/}, {@code registry/}.
   */
  public static final String HOME_PROPERTY = "shardstream.home";

  /**
   * The installation this JVM runs from. Children get its jars, or, in a test that runs from class
   * directories, this JVM's own class path, so that a test never meets yesterday's jars.
   *
   * @throws ShardstreamException INVALID_CONFIG if the home is unknown or incomplete
   */
  public static Installation current() {
    String home = System.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          "System property " + HOME_PROPERTY + " is not set: start through ./shardstream");
    }
    return at(Path.of(home).toAbsolutePath().normalize());
  }

  private static Installation at(Path home) {
    Path registry = home.resolve("registry");
    if (!Files.isDirectory(registry)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          "No schema registry in " + registry + ": build again (mvnw package)");
    }
    Path lib = home.resolve("lib");
    String classPath =
        ownCode().startsWith(lib)
            ? lib.resolve("*").toString()
            : System.getProperty("java.class.path");
    return new Installation(classPath, registry, optionsOfEnvironment());
  }

  private static List<String> optionsOfEnvironment() {
    String options = System.getenv().getOrDefault(JVM_OPTIONS, "").strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
  }

  private static Path ownCode() {
    try {
      return Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toAbsolutePath();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the code's own location is no URI", e);
    }
  }
}
