package dev.shardstream.worker.node;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.DatabaseFiles;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and makes the shard files of a data directory. */
final class ShardFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ShardFiles.class);

  private final DataDirectory directory;
  private final ShardFile.Settings settings;

  ShardFiles(DataDirectory directory, ShardFile.Settings settings) {
    this.directory = directory;
    this.settings = settings;
  }

  /**
   * What was in the directory.
   *
   * @param files to be closed by the caller
   * @param broken what is wrong with the files that can neither be opened nor made anew
   */
  record Opened(List<ShardFile> files, Map<ShardRef, String> broken) {}

  /**
   * Opens everything. What a crash left half is discarded. A file that is broken, or was found to
   * be so before, is set aside. A shard that followed the log and has no file is made anew from it.
   */
  Opened openAll() throws SQLException, IOException {
    Opened opened = new Opened(new ArrayList<>(), new HashMap<>());
    for (Path path : directory.shardFiles()) {
      open(path, opened);
    }
    List<ShardRef> there = opened.files().stream().map(ShardFile::ref).toList();
    for (ShardRef ref : directory.defined()) {
      if (!there.contains(ref)) {
        opened.files().add(makeAnew(ref));
      }
    }
    return opened;
  }

  private void open(Path path, Opened opened) throws SQLException, IOException {
    ShardRef ref = directory.shardOf(path);
    if (directory.isDropped(ref)) {
      delete(ref);
      return;
    }
    Optional<String> known = new DatabaseFiles(path).broken();
    if (known.isPresent()) {
      giveUp(ref, known.get(), opened);
      return;
    }
    try {
      sound(path).ifPresent(opened.files()::add);
    } catch (SQLException failure) {
      if (!FileFailure.isBroken(failure)) {
        throw failure;
      }
      LOG.error("shard.broken file={}", path, failure);
      giveUp(ref, FileFailure.broken(path, failure).getMessage(), opened);
    }
  }

  private Optional<ShardFile> sound(Path path) throws SQLException, IOException {
    Optional<ShardFile> file = ShardFile.open(path, settings);
    if (file.isEmpty()) {
      LOG.info("shard.discarded file={}", path);
      new DatabaseFiles(path).delete();
      return file;
    }
    try {
      PositionTable.read(file.get().writer());
      return file;
    } catch (SQLException failure) {
      file.get().close();
      throw failure;
    }
  }

  private void giveUp(ShardRef ref, String reason, Opened opened) throws IOException {
    if (directory.definition(ref).exists()) {
      DatabaseFiles files = new DatabaseFiles(directory.shardFile(ref));
      files.setAside();
      LOG.warn("shard.set_aside shard={} file={}", ref, files.aside());
    } else {
      opened.broken().put(ref, reason);
    }
  }

  private ShardFile makeAnew(ShardRef ref) throws SQLException, IOException {
    LOG.warn("shard.made_anew shard={} file={}", ref, directory.shardFile(ref));
    return ShardFile.makeAnew(directory.shardFile(ref), settings, directory.definition(ref).read());
  }

  /**
   * @throws ShardstreamException DISK_FULL
   */
  ShardFile make(ShardDefinition definition) throws SQLException, IOException {
    return make(definition, ShardFile::create);
  }

  /**
   * Makes a file that serves nobody before it has caught up with its log.
   *
   * @throws ShardstreamException DISK_FULL
   */
  ShardFile makeAnew(ShardDefinition definition) throws SQLException, IOException {
    return make(definition, ShardFile::makeAnew);
  }

  @FunctionalInterface
  private interface Maker {
    ShardFile make(Path path, ShardFile.Settings settings, ShardDefinition definition)
        throws SQLException, IOException;
  }

  private ShardFile make(ShardDefinition definition, Maker maker) throws SQLException, IOException {
    Path path = directory.shardFile(definition.ref());
    try {
      return maker.make(path, settings, definition);
    } catch (SQLException | IOException failure) {
      if (FileFailure.isDiskFull(path, failure)) {
        throw new ShardstreamException(ErrorCode.DISK_FULL, path).causedBy(failure);
      }
      throw failure;
    }
  }

  /** Deletes everything of a shard; to be called when it is marked as dropped. */
  void delete(ShardRef ref) throws IOException {
    directory.definition(ref).delete();
    new DatabaseFiles(directory.shardFile(ref)).deleteAll();
  }
}
