package dev.shardstream.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The console's files: all served, none from elsewhere, and their logic tested by node. */
class ConsoleFilesTest {
  private static final Path FILES =
      Path.of("src", "main", "resources", "dev", "shardstream", "streams", "console");

  @Test
  void every_file_is_served_under_a_strict_policy() throws Exception {
    try (RunningApi api = new RunningApi()) {
      for (Path file : files()) {
        String path = "/" + FILES.relativize(file).toString().replace(File.separatorChar, '/');
        HttpResponse<String> answer = api.get(path);
        assertThat(answer.body()).as(path).isEqualTo(Files.readString(file));
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
            .startsWith("default-src 'self'; object-src 'none'");
      }
      HttpResponse<String> page = api.get("/");
      assertThat(page.body()).contains("<title>Shardstream</title>");
      assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(api.get("/js/main.js").headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/javascript");
    }
  }

  @Test
  void a_file_takes_nothing() throws Exception {
    try (RunningApi api = new RunningApi()) {
      for (String path : List.of("/", "/index.html")) {
        HttpResponse<String> answer = api.post(path, "{}");
        assertThat(Json.read(answer.body(), ErrorBody.class))
            .isEqualTo(
                new ErrorBody(
                    ErrorCode.UNKNOWN_ENDPOINT.name(), "Nothing answers POST " + path + " here"));
        assertThat(answer.statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void no_value_becomes_markup_and_nothing_comes_from_elsewhere() throws IOException {
    List<String> forbidden =
        List.of(
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "https://",
            "style=\"",
            "localStorage");
    for (Path file : files()) {
      String text = Files.readString(file);
      assertThat(forbidden.stream().filter(text::contains)).as(file.toString()).isEmpty();
    }
  }

  @Test
  void its_logic_does_what_its_own_tests_say() throws Exception {
    assumeThat(onPath("node")).as("node is on the PATH").isTrue();
    Process node =
        new ProcessBuilder("node", "--test", "src/test/js/console.test.mjs")
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor()).as(said).isZero();
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(FILES)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
