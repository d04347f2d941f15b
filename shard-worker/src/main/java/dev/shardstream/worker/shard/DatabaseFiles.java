package dev.shardstream.worker.shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of one SQLite database in WAL mode (https://sqlite.org/walformat.html).
 *
 * @param main the database itself; the others lie beside it
 */
public record DatabaseFiles(Path main) {
  private Path wal() {
    return main.resolveSibling(main.getFileName() + "-wal");
  }

  private Path sharedMemory() {
    return main.resolveSibling(main.getFileName() + "-shm");
  }

  /** Bytes on disk, write-ahead log included. */
  public long bytes() throws IOException {
    return size(main) + walBytes();
  }

  /** Bytes of the write-ahead log. */
  long walBytes() throws IOException {
    return size(wal());
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException none) {
      return 0;
    }
  }

  /** Deletes whichever of them are there, the database itself last. */
  public void delete() throws IOException {
    for (Path file : List.of(wal(), sharedMemory(), main)) {
      Files.deleteIfExists(file);
    }
  }
}
