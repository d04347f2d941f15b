package dev.shardstream.standalone.cluster;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.DataDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one program at a time starts, stops or owns the processes of a data directory.
 * The system drops the lock when its holder dies, however it dies.
 */
final class DirectoryLock implements AutoCloseable {
  /**
   * Real paths of the directories that this JVM holds or is about to take. Looked up before the
   * file is opened: a process that closes a file loses all its locks on it (POSIX), also those that
   * it took through another channel.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path real;
  private final FileChannel channel;

  private DirectoryLock(Path real, FileChannel channel) {
    this.real = real;
    this.channel = channel;
  }

  /**
   * Takes the lock, creating the directory if it is not there.
   *
   * @throws ShardstreamException DATA_DIRECTORY_IN_USE at once if another holds it; FILE_ERROR
   */
  static DirectoryLock take(DataDirectory directory) {
    Path real = create(directory);
    if (!HELD.add(real)) {
      throw inUse(directory);
    }
    Path file = directory.lock();
    boolean taken = false;
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        taken = tryLock(channel) != null;
      } finally {
        if (!taken) {
          channel.close();
        }
      }
      if (!taken) {
        throw inUse(directory);
      }
      return new DirectoryLock(real, channel);
    } catch (IOException e) {
      throw unusable(file, e);
    } finally {
      if (!taken) {
        HELD.remove(real);
      }
    }
  }

  /** The path that the directory has whatever links lead to it. */
  private static Path create(DataDirectory directory) {
    try {
      return Files.createDirectories(directory.root()).toRealPath();
    } catch (IOException e) {
      throw unusable(directory.lock(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisJvm) {
      return null;
    }
  }

  private static ShardstreamException inUse(DataDirectory directory) {
    return new ShardstreamException(ErrorCode.DATA_DIRECTORY_IN_USE, directory.root());
  }

  private static ShardstreamException unusable(Path file, IOException e) {
    return new ShardstreamException(ErrorCode.FILE_ERROR, file, e).causedBy(e);
  }

  /** Closing twice is closing once. */
  @Override
  public synchronized void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("the lock of the data directory cannot be given back", e);
    } finally {
      HELD.remove(real);
    }
  }
}
