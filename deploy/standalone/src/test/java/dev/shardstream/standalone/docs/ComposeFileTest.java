package dev.shardstream.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** deploy/compose.yaml runs what the build was tested with. */
class ComposeFileTest {
  private static final Path ROOT = Path.of("..", "..");

  @ParameterizedTest
  @CsvSource({
    "kafka.version, apache/kafka",
    "registry-server.version, apicurio/apicurio-registry-mem"
  })
  void the_file_and_its_page_name_the_version_that_the_build_chooses(String property, String image)
      throws IOException {
    List<String> chosen = found("pom.xml", "<" + property + ">(.*)</" + property + ">");

    assertThat(found("deploy/compose.yaml", image + ":([^}]+)}")).isEqualTo(chosen);
    assertThat(found("deploy/README.md", image + ":([^`]+)`")).isEqualTo(chosen);
  }

  @Test
  void each_worker_is_called_by_its_name() throws IOException {
    assertThat(found("deploy/compose.yaml", "SHARDSTREAM_NODE_ID: (.+)"))
        .isEqualTo(found("deploy/compose.yaml", "SHARDSTREAM_ADVERTISED_URL: http://(.+):8080"))
        .isEqualTo(
            found("deploy/compose.yaml", "volumes: \\[\"(worker-.+):/var/lib/shardstream\"]"))
        .containsExactly("worker-1", "worker-2", "worker-3");
  }

  private static List<String> found(String file, String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(ROOT.resolve(file)))
        .results()
        .map((MatchResult result) -> result.group(1))
        .toList();
  }
}
