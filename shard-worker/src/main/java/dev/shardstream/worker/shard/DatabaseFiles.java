package dev.shardstream.worker.shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

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

  private Path brokenMark() {
    return main.resolveSibling(main.getFileName() + "-broken");
  }

  /** Where a broken database is kept for whoever wants to look at it. */
  public Path aside() {
    return main.resolveSibling(main.getFileName() + ".broken");
  }

  /** Remembers what is wrong with the database, across restarts. */
  void markBroken(String reason) throws IOException {
    Files.writeString(brokenMark(), reason);
  }

  /** What was found to be wrong with the database; empty when nothing was. */
  public Optional<String> broken() throws IOException {
    return Files.exists(brokenMark())
        ? Optional.of(Files.readString(brokenMark()))
        : Optional.empty();
  }

  /** Makes room for a database that is made anew. */
  public void setAside() throws IOException {
    Files.move(main, aside(), StandardCopyOption.REPLACE_EXISTING);
    delete();
  }

  /**
   * Deletes the database, whichever of its files are there, the database itself after its log. Only
   * then goes what was found to be wrong with it: without it, a broken database that is still there
   * would be opened, and with it, the next one that is made in its place would be set aside.
   */
  public void delete() throws IOException {
    for (Path file : List.of(wal(), sharedMemory(), main, brokenMark())) {
      Files.deleteIfExists(file);
    }
  }

  /** Deletes the database and what was set aside. */
  public void deleteAll() throws IOException {
    delete();
    Files.deleteIfExists(aside());
  }
}
