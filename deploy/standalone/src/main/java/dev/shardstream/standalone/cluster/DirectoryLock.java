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
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one program at a time starts, stops or owns the processes of a data directory.
 * The system drops the lock when its holder dies, however it dies.
 */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, creating the directory if it is not there.
   *
   * @throws ShardstreamException DATA_DIRECTORY_IN_USE at once if another holds it; FILE_ERROR
   */
  static DirectoryLock take(DataDirectory directory) {
    Path file = directory.lock();
    try {
      Files.createDirectories(directory.root());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new ShardstreamException(ErrorCode.DATA_DIRECTORY_IN_USE, directory.root());
      }
      return new DirectoryLock(channel);
    } catch (IOException e) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, file, e).causedBy(e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisJvm) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("the lock of the data directory cannot be given back", e);
    }
  }
}
