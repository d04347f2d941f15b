package dev.shardstream.worker.node;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The node's directory, held by one process at a time.
 *
 * <pre>
 * lock                              held while the process runs
 * shards/&lt;table id&gt;/&lt;shard&gt;.sqlite   the shards
 * shards/&lt;table id&gt;/&lt;shard&gt;.avro     what a shard is, to make it anew from its log
 * shards/&lt;table id&gt;/&lt;shard&gt;.sqlite.broken   a file that was set aside
 * dropped/&lt;table id&gt;-&lt;shard&gt;        shards that were dropped and must not come back
 * tmp/                              slices on their way; emptied at each start
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {
  private static final String SUFFIX = ".sqlite";
  private static final String DEFINITION = ".avro";

  private final Path root;
  private final FileChannel channel;

  private DataDirectory(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  /**
   * Takes the directory, creating it if need be.
   *
   * @throws ShardstreamException DATA_DIRECTORY_IN_USE, FILE_ERROR
   */
  public static DataDirectory open(Path root) {
    try {
      for (String name : List.of("shards", "dropped", "tmp")) {
        Files.createDirectories(root.resolve(name));
      }
      FileChannel channel =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new ShardstreamException(ErrorCode.DATA_DIRECTORY_IN_USE, root);
      }
      DataDirectory directory = new DataDirectory(root, channel);
      directory.emptyTemporary();
      return directory;
    } catch (IOException e) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, root, e).causedBy(e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  private void emptyTemporary() throws IOException {
    try (Stream<Path> left = Files.list(temporary())) {
      for (Path file : left.toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  public Path root() {
    return root;
  }

  /** For files that nobody needs after a crash. */
  public Path temporary() {
    return root.resolve("tmp");
  }

  public Path shardFile(ShardRef shard) {
    return root.resolve("shards").resolve(shard.tableId()).resolve(shard.shardId() + SUFFIX);
  }

  /** Where it is written down what a shard is. */
  DefinitionFile definition(ShardRef shard) {
    Path file = shardFile(shard);
    return new DefinitionFile(file.resolveSibling(shard.shardId() + DEFINITION));
  }

  /** The shard whose file, or definition, this is. */
  ShardRef shardOf(Path file) {
    String name = file.getFileName().toString();
    return new ShardRef(
        file.getParent().getFileName().toString(),
        Integer.parseInt(name.substring(0, name.lastIndexOf('.'))));
  }

  /** The shard files that are there. */
  public List<Path> shardFiles() throws IOException {
    return files(SUFFIX);
  }

  /** The shards of which it is written down what they are. */
  List<ShardRef> defined() throws IOException {
    return files(DEFINITION).stream().map(this::shardOf).toList();
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("shards"), 2)) {
      return files.filter(file -> file.getFileName().toString().endsWith(suffix)).sorted().toList();
    }
  }

  /** Remembers that a shard was dropped; before its files are deleted. */
  public void markDropped(ShardRef shard) throws IOException {
    Path mark = droppedMark(shard);
    if (!Files.exists(mark)) {
      Files.createFile(mark);
    }
  }

  public boolean isDropped(ShardRef shard) {
    return Files.exists(droppedMark(shard));
  }

  private Path droppedMark(ShardRef shard) {
    return root.resolve("dropped").resolve(shard.tableId() + "-" + shard.shardId());
  }

  /** Free bytes of its file system. */
  public long freeBytes() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  /** Size of its file system, bytes. */
  public long capacityBytes() throws IOException {
    return Files.getFileStore(root).getTotalSpace();
  }

  /** Lets the next process in. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
