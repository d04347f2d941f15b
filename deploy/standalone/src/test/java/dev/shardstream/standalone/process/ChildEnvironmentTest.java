package dev.shardstream.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildEnvironmentTest {
  @Test
  void settings_of_the_launcher_do_not_override_those_of_a_child() {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "PATH", "/bin",
                "SHARDSTREAM_DATA_DIR", "/data",
                "SHARDSTREAM_NODE_ID", "other",
                "CLASSPATH", "stranger.jar",
                "JAVA_TOOL_OPTIONS", "-Xmx9g"));

    ChildEnvironment.prepare(
        environment, new Installation("lib/*", Path.of("registry"), List.of()));

    assertThat(environment)
        .isEqualTo(Map.of("PATH", "/bin", "CLASSPATH", "lib/*", "MALLOC_ARENA_MAX", "2"));
  }
}
