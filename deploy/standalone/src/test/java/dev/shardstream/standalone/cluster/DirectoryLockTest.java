package dev.shardstream.standalone.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir private Path root;
  @TempDir private Path aliases;

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
    Process holder = startHolder();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('h');
      assertInUse(directory);
    } finally {
      holder.destroyForcibly();
    }
    holder.waitFor();
    DirectoryLock.take(directory).close();
  }

  @Test
  void a_directory_that_was_refused_in_this_process_is_refused_to_others_still() throws Exception {
    DataDirectory directory = new DataDirectory(root);
    Path alias = Files.createSymbolicLink(aliases.resolve("alias"), root);
    try (DirectoryLock first = DirectoryLock.take(directory)) {
      assertThat(first).isNotNull();
      assertInUse(directory);
      assertInUse(new DataDirectory(alias));
      Process other = startHolder();
      try {
        assertThat(other.getInputStream().read()).isEqualTo('r');
      } finally {
        other.destroyForcibly();
      }
    }
  }

  @Test
  void giving_the_lock_back_twice_takes_it_from_nobody() {
    DataDirectory directory = new DataDirectory(root);
    DirectoryLock first = DirectoryLock.take(directory);
    first.close();
    try (DirectoryLock second = DirectoryLock.take(directory)) {
      assertThat(second).isNotNull();
      first.close();
      assertInUse(directory);
    }
  }

  private Process startHolder() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            root.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void assertInUse(DataDirectory directory) {
    assertThatThrownBy(() -> DirectoryLock.take(directory))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY_IN_USE))
        .hasMessage("Data directory " + directory.root() + " is in use by another process");
  }

  /** Takes the lock and keeps it, or is refused, and says which by one letter. */
  static final class Holder {
    /** A lock that nothing refers to is gone with the next collection of garbage. */
    private static @Nullable DirectoryLock held;

    private Holder() {}

    public static void main(String[] arguments) throws InterruptedException {
      try {
        held = DirectoryLock.take(new DataDirectory(Path.of(arguments[0])));
      } catch (ShardstreamException refused) {
        // Said below.
      }
      System.out.print(held != null ? 'h' : 'r');
      System.out.flush();
      Thread.currentThread().join();
    }
  }
}
