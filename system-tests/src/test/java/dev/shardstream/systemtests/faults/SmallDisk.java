package dev.shardstream.systemtests.faults;

import dev.shardstream.systemtests.cluster.Directories;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a few megabytes, for which one has to be root. */
final class SmallDisk {
  private static final int MEGABYTES = 64;
  private static final byte[] BLOCK = new byte[4096];

  private final Path directory;
  private boolean mounted;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** One that is not mounted, whatever an earlier run has left there. */
  static SmallDisk at(Path directory) {
    Path there = directory.toAbsolutePath();
    run("umount", "-l", there.toString());
    return new SmallDisk(there);
  }

  /** Mounts it, if this may. */
  void mount() {
    Directories.existing(directory);
    mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", directory.toString());
  }

  boolean isMounted() {
    return mounted;
  }

  /** Takes all the room that is left. */
  void fill() {
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(BLOCK);
      }
    } catch (IOException full) {
      if (free() > BLOCK.length) {
        throw new UncheckedIOException(full);
      }
    }
  }

  private long free() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the room back that was taken. */
  void giveBack() {
    try {
      Files.delete(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return directory.resolve("filler");
  }

  /** Takes it away when nobody uses it any more. */
  void unmount() {
    if (mounted) {
      run("umount", "-l", directory.toString());
    }
  }

  private static boolean run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 && said.isEmpty();
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
