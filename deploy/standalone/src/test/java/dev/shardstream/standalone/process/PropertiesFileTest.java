package dev.shardstream.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesFileTest {
  @TempDir private Path directory;

  @Test
  void what_is_written_is_read_again() {
    Map<String, String> entries =
        Map.of(
            "url", "http://127.0.0.1:1/a=b", "path", "C:\\data\\new", "lines", "a\nb", "none", "");
    Path file = directory.resolve("below/settings.properties");

    PropertiesFile.write(file, entries);

    assertThat(PropertiesFile.read(file)).isEqualTo(entries);
    assertThat(file.resolveSibling("settings.properties.tmp")).doesNotExist();
  }

  @Test
  void addresses_stand_there_as_they_are() throws Exception {
    Path file = directory.resolve("client.properties");

    PropertiesFile.write(file, Map.of("b", "http://127.0.0.1:1/x", "a", "127.0.0.1:2"));

    assertThat(Files.readString(file)).isEqualTo("a=127.0.0.1:2\nb=http://127.0.0.1:1/x\n");
  }

  @Test
  void a_file_that_is_not_there_is_empty() {
    assertThat(PropertiesFile.read(directory.resolve("none"))).isEmpty();
  }
}
