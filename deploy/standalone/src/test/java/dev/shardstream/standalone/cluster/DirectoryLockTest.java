package dev.shardstream.standalone.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.DataDirectory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir private Path root;

  @Test
  void a_directory_has_one_owner_at_a_time() {
    DataDirectory directory = new DataDirectory(root.resolve("new"));
    try (DirectoryLock first = DirectoryLock.take(directory)) {
      assertThat(first).isNotNull();
      assertInUse(directory);
    }
    DirectoryLock.take(directory).close();
  }

  @Test
  void a_second_process_is_refused_and_the_lock_of_a_killed_one_is_gone() throws Exception {
    DataDirectory directory = new DataDirectory(root);
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                root.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('h');
      assertInUse(directory);
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
    DirectoryLock.take(directory).close();
  }

  private static void assertInUse(DataDirectory directory) {
    assertThatThrownBy(() -> DirectoryLock.take(directory))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY_IN_USE))
        .hasMessage("Data directory " + directory.root() + " is in use by another process");
  }

  /** Takes the lock, says so by one letter and keeps it. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws InterruptedException {
      DirectoryLock.take(new DataDirectory(Path.of(arguments[0])));
      System.out.print('h');
      System.out.flush();
      Thread.currentThread().join();
    }
  }
}
