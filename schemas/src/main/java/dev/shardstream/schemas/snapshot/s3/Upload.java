package dev.shardstream.schemas.snapshot.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Puts files, long ones in parts: one request takes 5 GiB at most
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
 */
final class Upload {
  /** A part is in memory twice, for each thread that puts. */
  private static final int PART_BYTES = 8 << 20;

  private static final int MOST_PARTS = 10_000;

  private final S3Client client;
  private final String bucket;

  Upload(S3Client client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /** Whole or not at all. */
  void put(String key, Path file) throws IOException {
    long length = Files.size(file);
    if (length <= PART_BYTES) {
      client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromFile(file));
    } else {
      inParts(key, file, partBytes(length));
    }
  }

  /** Bytes of each part but the last, so that there are not too many of them. */
  static int partBytes(long length) {
    long enough = (length + MOST_PARTS - 1) / MOST_PARTS;
    return Math.toIntExact(Math.max(PART_BYTES, enough));
  }

  private void inParts(String key, Path file, int partBytes) throws IOException {
    String id = client.createMultipartUpload(request -> request.bucket(bucket).key(key)).uploadId();
    try (InputStream in = Files.newInputStream(file)) {
      List<CompletedPart> parts = new ArrayList<>();
      for (byte[] part = in.readNBytes(partBytes); part.length > 0; ) {
        parts.add(put(key, id, parts.size() + 1, part));
        part = in.readNBytes(partBytes);
      }
      client.completeMultipartUpload(
          request ->
              request
                  .bucket(bucket)
                  .key(key)
                  .uploadId(id)
                  .multipartUpload(all -> all.parts(parts)));
    } catch (SdkException | IOException failure) {
      abort(key, id, failure);
      throw failure;
    }
  }

  private CompletedPart put(String key, String id, int number, byte[] part) {
    String tag =
        client
            .uploadPart(
                request -> request.bucket(bucket).key(key).uploadId(id).partNumber(number),
                RequestBody.fromBytes(part))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  /** What is left of parts costs as much as if it were there. */
  private void abort(String key, String id, Exception failure) {
    try {
      client.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(id));
    } catch (SdkException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }
}
