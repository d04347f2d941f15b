package dev.shardstream.schemas.snapshot.s3;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place for snapshots in S3.
 *
 * @param bucket its name
 * @param prefix what all keys begin with: empty, or ending with a slash
 */
record S3Place(String bucket, String prefix) {
  static final String SCHEME = "s3://";

  /**
   * Names of buckets, and parts of keys that are themselves in every URL
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
   */
  private static final Pattern WRITTEN =
      Pattern.compile(
          Pattern.quote(SCHEME) + "([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_=.-]+)*)/?");

  /**
   * Reads what users write.
   *
   * @param place like {@code s3://bucket} or {@code s3://bucket/some/prefix}
   * @throws ShardstreamException INVALID_ARGUMENT
   */
  static S3Place parse(String place) {
    Matcher written = WRITTEN.matcher(place);
    if (!written.matches() || (written.group(2) + "/").matches(".*/\\.{1,2}/.*")) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "a place in S3 is like s3://bucket or s3://bucket/some/prefix, not " + place);
    }
    String path = written.group(2);
    return new S3Place(written.group(1), path.isEmpty() ? "" : path.substring(1) + "/");
  }

  /** The key of a file of a snapshot, in the bucket. */
  String key(String file) {
    return prefix + file;
  }

  /** As users write it. */
  @Override
  public String toString() {
    String path = prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1);
    return SCHEME + bucket + path;
  }
}
