package dev.shardstream.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.config.GatewayConfig;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.ConfigSource;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.worker.config.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;

/** docs/configuration.md has every key as the code defines it. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "configuration.md");

  /** Set to {@code write}, the page is written instead of compared. */
  private static final String MODE = "shardstream.docs";

  private static final String REWRITE =
      "docs/configuration.md differs from the code; write it again with ./mvnw -pl"
          + " deploy/standalone -am test -Dtest=ConfigurationPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dshardstream.docs=write";

  private static final Pattern BLOCK =
      Pattern.compile("(<!-- keys of ([a-z-]+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

  private static final ConfigDef SHARED = ClusterConfig.definition();

  @Test
  void every_key_is_there_as_the_code_defines_it() throws IOException {
    String page = Files.readString(PAGE);
    String right =
        BLOCK
            .matcher(page)
            .replaceAll(
                block ->
                    Matcher.quoteReplacement(
                        block.group(1) + table(block.group(2)) + block.group(3)));
    if (System.getProperty(MODE, "").equals("write")) {
      Files.writeString(PAGE, right);
      return;
    }
    assertThat(page).as(REWRITE).isEqualTo(right);
    assertThat(BLOCK.matcher(page).results().map(block -> block.group(2)))
        .containsExactly("all", "streams-app", "shard-worker", "client", "gateway");
  }

  private static String table(String owner) {
    Set<String> shared = SHARED.names();
    return switch (owner) {
      case "all" -> KeyTable.of(SHARED, Set.of());
      case "streams-app" -> KeyTable.of(ControlPlaneConfig.keys(), shared);
      case "shard-worker" -> KeyTable.of(WorkerConfig.keys(), shared);
      case "client" -> KeyTable.of(ClientConfig.keys(), shared);
      case "gateway" -> KeyTable.of(GatewayConfig.keys(), ClientConfig.keys().names());
      default -> throw new IllegalArgumentException("no keys are known of " + owner);
    };
  }

  @Test
  void the_variable_of_each_key_sets_that_key() {
    List<String> keys =
        Stream.of(ControlPlaneConfig.keys(), WorkerConfig.keys(), GatewayConfig.keys())
            .flatMap(definition -> definition.names().stream())
            .distinct()
            .toList();
    assertThat(keys)
        .allSatisfy(
            key ->
                assertThat(ConfigSource.load(null, Map.of(ConfigSource.variable(key), "x")))
                    .isEqualTo(Map.of(key, "x")));
  }

  @Test
  void every_key_is_explained_in_a_sentence() {
    assertThat(
            Stream.of(ControlPlaneConfig.keys(), WorkerConfig.keys(), GatewayConfig.keys())
                .flatMap(definition -> definition.configKeys().values().stream())
                .filter(key -> !isSentence(key)))
        .extracting(key -> key.name)
        .isEmpty();
  }

  private static boolean isSentence(ConfigKey key) {
    return key.documentation.length() > 20
        && Character.isUpperCase(key.documentation.charAt(0))
        && key.documentation.endsWith(".");
  }
}
