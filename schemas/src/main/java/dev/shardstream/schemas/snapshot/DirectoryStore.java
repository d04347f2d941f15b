package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Snapshots in a directory. A file comes under a name of its own, is forced to the disk and then
 * renamed, so that nobody ever sees a part of it. Links below the directory are not followed.
 */
public final class DirectoryStore implements SnapshotStore {
  private final Path root;

  /**
   * @param root need not exist until something is put
   */
  public DirectoryStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public String place() {
    return root.toString();
  }

  @Override
  public void put(String key, Path file) {
    Path target = path(key);
    Path coming = target.resolveSibling(".coming-" + UUID.randomUUID());
    try {
      Files.createDirectories(target.getParent());
      path(key);
      try {
        Files.copy(file, coming);
        force(coming);
        move(coming, target);
        forceDirectory(target.getParent());
      } finally {
        Files.deleteIfExists(coming);
      }
    } catch (IOException e) {
      throw failed("cannot write " + key, e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException notHere) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public boolean get(String key, Path target, long mostBytes) {
    Path file = path(key);
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new ShardstreamException(ErrorCode.SNAPSHOT_REFUSED, file, "it is no plain file");
      }
      if (Files.size(file) > mostBytes) {
        throw new ShardstreamException(
            ErrorCode.SNAPSHOT_REFUSED, file, "it has more than " + mostBytes + " bytes");
      }
      Files.copy(file, target);
      return true;
    } catch (IOException e) {
      throw failed("cannot read " + key, e);
    }
  }

  @Override
  public void delete(String key) {
    Path file = path(key);
    try {
      Files.deleteIfExists(file);
      removeIfEmpty(file.getParent());
    } catch (IOException e) {
      throw failed("cannot delete " + key, e);
    }
  }

  @Override
  public void deleteAll(String name) {
    Path directory = path(SnapshotNames.requireName(name));
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      throw failed("cannot delete " + name, e);
    }
  }

  private void removeIfEmpty(Path directory) throws IOException {
    if (directory.equals(root) || !Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> left = Files.list(directory)) {
      if (left.findAny().isPresent()) {
        return;
      }
    }
    Files.deleteIfExists(directory);
    removeIfEmpty(directory.getParent());
  }

  @Override
  public List<String> names() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
          .map(child -> child.getFileName().toString())
          .filter(SnapshotNames::isPart)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed("cannot be listed", e);
    }
  }

  /** The file of a key, below the root and behind no link. */
  private Path path(String key) {
    Path path = root;
    for (String part : SnapshotNames.requireKey(key).split("/")) {
      path = path.resolve(part);
      if (Files.isSymbolicLink(path)) {
        throw new ShardstreamException(ErrorCode.SNAPSHOT_REFUSED, path, "it is a link");
      }
    }
    return path;
  }

  private ShardstreamException failed(String what, Exception cause) {
    return new ShardstreamException(ErrorCode.SNAPSHOT_STORE, root, what + ": " + cause)
        .causedBy(cause);
  }

  /** Nothing is open. */
  @Override
  public void close() {}
}
