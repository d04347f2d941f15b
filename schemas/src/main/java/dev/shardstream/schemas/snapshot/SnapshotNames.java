package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Names of snapshots and of their files. */
public final class SnapshotNames {
  /** The file that makes a snapshot one: which manifest is its, and that manifest's checksum. */
  static final String COMPLETE = "complete";

  static final String MANIFEST = "manifest.json";

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
  private static final Pattern DATA = Pattern.compile("data-[0-9a-f]{32}");
  private static final Pattern SLICE = Pattern.compile("[0-9]{1,9}\\.sqlite");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private SnapshotNames() {}

  /** Whether a text can be one part of a key: nothing that a file system or a URL gives a sense. */
  public static boolean isPart(String text) {
    return PART.matcher(text).matches();
  }

  /**
   * @throws ShardstreamException INVALID_ARGUMENT when it cannot be the name of a snapshot
   */
  public static String requireName(String name) {
    if (!isPart(name)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "the name of a snapshot is of letters, digits, '.', '_' and '-', not '" + name + "'");
    }
    return name;
  }

  /**
   * @throws ShardstreamException SNAPSHOT_REFUSED when a part of a key is none
   */
  public static String requireKey(String key) {
    if (!Arrays.stream(key.split("/", -1)).allMatch(SnapshotNames::isPart)) {
      throw new ShardstreamException(
          ErrorCode.SNAPSHOT_REFUSED, "'" + key + "'", "it is no name of a file of a snapshot");
    }
    return key;
  }

  /** What a snapshot is called when nobody says a name. */
  public static String named(String table, Instant at) {
    return table.replaceAll("[^A-Za-z0-9_]", "_").replaceFirst("^_+", "") + "-" + TIME.format(at);
  }

  /** Whether a manifest may name this as the file of a slice. */
  static boolean isSlice(String file) {
    int slash = file.indexOf('/');
    return slash > 0
        && DATA.matcher(file.substring(0, slash)).matches()
        && SLICE.matcher(file.substring(slash + 1)).matches();
  }

  /** Whether a marker may name this as its manifest. */
  static boolean isManifest(String file) {
    int slash = file.indexOf('/');
    return slash > 0
        && DATA.matcher(file.substring(0, slash)).matches()
        && file.substring(slash + 1).equals(MANIFEST);
  }
}
