package dev.shardstream.schemas.config;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Raw settings from a properties file and the environment. {@code SHARDSTREAM_BOOTSTRAP_SERVERS} in
 * the environment is {@code bootstrap.servers} and wins over the file.
 */
public final class ConfigSource {
  private static final String ENVIRONMENT_PREFIX = "SHARDSTREAM_";

  private ConfigSource() {}

  /**
   * @param file a properties file; null for the environment alone
   * @param environment usually {@code System.getenv()}
   * @throws ShardstreamException FILE_ERROR when the file cannot be read
   */
  public static Map<String, String> load(@Nullable Path file, Map<String, String> environment) {
    Map<String, String> settings = new HashMap<>();
    if (file != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException e) {
        throw new ShardstreamException(ErrorCode.FILE_ERROR, file, "cannot be read").causedBy(e);
      }
      properties.forEach((key, value) -> settings.put((String) key, ((String) value).trim()));
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT_PREFIX)) {
            settings.put(
                name.substring(ENVIRONMENT_PREFIX.length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '.'),
                value);
          }
        });
    return settings;
  }

  /**
   * The environment variable that sets a key. A key has no underscore, so that there is a way back.
   */
  public static String variable(String key) {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}
