package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.s3.S3Store;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Opens stores by what users write. */
public final class SnapshotStores {
  private SnapshotStores() {}

  /**
   * A store.
   *
   * @param place a directory, or in S3 {@code s3://bucket} or {@code s3://bucket/some/prefix}
   * @throws ShardstreamException INVALID_ARGUMENT, SNAPSHOT_STORE
   */
  public static SnapshotStore open(String place) {
    if (S3Store.isPlace(place)) {
      return openS3(place);
    }
    if (place.contains("://")) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "snapshots are kept in a directory or at s3://bucket/prefix, not at " + place);
    }
    try {
      return new DirectoryStore(Path.of(place));
    } catch (InvalidPathException e) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "no directory: " + place)
          .causedBy(e);
    }
  }

  private static SnapshotStore openS3(String place) {
    try {
      return S3Store.open(place);
    } catch (NoClassDefFoundError withoutClient) {
      throw new ShardstreamException(
              ErrorCode.INVALID_ARGUMENT,
              "for "
                  + place
                  + " software.amazon.awssdk:s3 and url-connection-client have to be on the class"
                  + " path")
          .causedBy(withoutClient);
    }
  }

  /**
   * A snapshot's place and name.
   *
   * @param place of its store
   * @param name of the snapshot
   */
  public record Located(String place, String name) {
    /**
     * @param written place, slash, name
     * @throws ShardstreamException INVALID_ARGUMENT
     */
    public static Located parse(String written) {
      String whole = written.endsWith("/") ? written.substring(0, written.length() - 1) : written;
      int slash = whole.lastIndexOf('/');
      String place = slash < 0 ? "." : slash == 0 ? "/" : whole.substring(0, slash);
      return new Located(place, SnapshotNames.requireName(whole.substring(slash + 1)));
    }
  }
}
