package dev.shardstream.schemas.snapshot.s3;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.SnapshotNames;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Snapshots in a bucket of Amazon S3 or of a store that speaks its protocol. An object is there
 * whole or not at all, and what is put is seen at once by whoever reads or lists
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel).
 *
 * <p>Where the store is, and who calls, is what the AWS SDK finds: {@code AWS_REGION}, {@code
 * AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}, a profile, a container's or a machine's
 * role; {@code AWS_ENDPOINT_URL_S3} or {@code AWS_ENDPOINT_URL} for a store that is not Amazon's.
 */
public final class S3Store implements SnapshotStore {
  private final S3Client client;
  private final S3Place place;
  private final Upload upload;

  private S3Store(S3Client client, S3Place place) {
    this.client = client;
    this.place = place;
    this.upload = new Upload(client, place.bucket());
  }

  /** Whether this is to be a place in S3, rightly written or not. */
  public static boolean isPlace(String place) {
    return place.startsWith(S3Place.SCHEME);
  }

  /**
   * Opens a store; nothing is asked of it yet.
   *
   * @param place like {@code s3://bucket/some/prefix}; the bucket has to be there
   * @throws ShardstreamException INVALID_ARGUMENT, SNAPSHOT_STORE when nothing says in which region
   *     it is
   */
  public static S3Store open(String place) {
    S3Place parsed = S3Place.parse(place);
    try {
      return new S3Store(S3Clients.open(), parsed);
    } catch (SdkException e) {
      throw failed(
          parsed,
          "nothing says where it is: set AWS_REGION, or AWS_ENDPOINT_URL_S3 for a store that is not"
              + " Amazon's",
          e);
    }
  }

  @Override
  public String place() {
    return place.toString();
  }

  @Override
  public void put(String key, Path file) {
    try {
      upload.put(place.key(SnapshotNames.requireKey(key)), file);
    } catch (SdkException | IOException e) {
      throw failed(place, "cannot write " + key, e);
    }
  }

  @Override
  public boolean get(String key, Path target, long mostBytes) {
    String whole = place.key(SnapshotNames.requireKey(key));
    try (ResponseInputStream<GetObjectResponse> content =
        client.getObject(request -> request.bucket(place.bucket()).key(whole))) {
      if (content.response().contentLength() > mostBytes) {
        content.abort();
        throw new ShardstreamException(
            ErrorCode.SNAPSHOT_REFUSED,
            place + "/" + key,
            "it has more than " + mostBytes + " bytes");
      }
      Files.copy(content, target);
      return true;
    } catch (NoSuchKeyException none) {
      return false;
    } catch (SdkException | IOException e) {
      throw failed(place, "cannot read " + key, e);
    }
  }

  @Override
  public void delete(String key) {
    String whole = place.key(SnapshotNames.requireKey(key));
    try {
      client.deleteObject(request -> request.bucket(place.bucket()).key(whole));
    } catch (SdkException e) {
      throw failed(place, "cannot delete " + key, e);
    }
  }

  @Override
  public void deleteAll(String name) {
    String prefix = place.key(SnapshotNames.requireName(name)) + "/";
    try {
      client
          .listObjectsV2Paginator(request -> request.bucket(place.bucket()).prefix(prefix))
          .contents()
          .forEach(
              found ->
                  client.deleteObject(request -> request.bucket(place.bucket()).key(found.key())));
    } catch (SdkException e) {
      throw failed(place, "cannot delete " + name, e);
    }
  }

  @Override
  public List<String> names() {
    try {
      return client
          .listObjectsV2Paginator(
              request -> request.bucket(place.bucket()).prefix(place.prefix()).delimiter("/"))
          .commonPrefixes()
          .stream()
          .map(CommonPrefix::prefix)
          .map(name -> name.substring(place.prefix().length(), name.length() - 1))
          .filter(SnapshotNames::isPart)
          .sorted()
          .toList();
    } catch (SdkException e) {
      throw failed(place, "cannot be listed", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private static ShardstreamException failed(S3Place place, String what, Exception cause) {
    return new ShardstreamException(
            ErrorCode.SNAPSHOT_STORE, place, what + ": " + cause.getMessage())
        .causedBy(cause);
  }
}
