package dev.shardstream.schemas.access;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read from files, and is read again when one of them has changed: secrets are replaced
 * without a restart. While the files cannot be read, what was read before counts, and the log says
 * so once for each change.
 */
public final class WatchedFiles<T> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

  /** Makes the value from the files. */
  @FunctionalInterface
  public interface Reading<T> {
    T read() throws IOException;
  }

  private record Stamp(long modified, long size, @Nullable Object key) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(found.lastModifiedTime().toMillis(), found.size(), found.fileKey());
    }
  }

  private final List<Path> files;
  private final Reading<T> reading;
  private List<Stamp> stamps;
  private T value;

  private WatchedFiles(List<Path> files, Reading<T> reading) throws IOException {
    this.files = List.copyOf(files);
    this.reading = reading;
    this.stamps = stamps(this.files);
    this.value = reading.read();
  }

  /**
   * Reads the files for the first time.
   *
   * @throws ShardstreamException FILE_ERROR when they cannot be read, and what the reading throws
   */
  public static <T> WatchedFiles<T> read(List<Path> files, Reading<T> reading) {
    try {
      return new WatchedFiles<>(files, reading);
    } catch (IOException e) {
      throw new ShardstreamException(
              ErrorCode.FILE_ERROR, files.get(0), "cannot be read: " + e.getMessage())
          .causedBy(e);
    }
  }

  private static List<Stamp> stamps(List<Path> files) throws IOException {
    List<Stamp> stamps = new ArrayList<>();
    for (Path file : files) {
      stamps.add(Stamp.of(file));
    }
    return stamps;
  }

  /** What is in the files, or was when they could last be read. */
  public synchronized T current() {
    try {
      List<Stamp> found = stamps(files);
      if (!found.equals(stamps)) {
        stamps = found;
        value = Objects.requireNonNull(reading.read());
        LOG.info("http.secrets.read files={}", files);
      }
    } catch (IOException | ShardstreamException unusable) {
      LOG.error("http.secrets.unusable files={} goes_on_with=those_before", files, unusable);
    }
    return value;
  }
}
