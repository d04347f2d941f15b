package dev.shardstream.schemas.snapshot.s3;

import java.time.Duration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients of what the environment says. */
final class S3Clients {
  private static final Duration SOCKET_PATIENCE = Duration.ofSeconds(60);

  private S3Clients() {}

  /** A client of Amazon's store, or of the one that the environment names. */
  static S3Client open() {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(SOCKET_PATIENCE))
            // Not every store knows the checksums that Amazon's does. A snapshot has its own.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    boolean isAnother =
        says("aws.endpointUrlS3", "AWS_ENDPOINT_URL_S3")
            || says("aws.endpointUrl", "AWS_ENDPOINT_URL");
    if (isAnother) {
      // Names of buckets are no host names there, and regions mostly nothing.
      builder.forcePathStyle(true);
      if (!says("aws.region", "AWS_REGION")) {
        builder.region(Region.US_EAST_1);
      }
    }
    return builder.build();
  }

  private static boolean says(String property, String variable) {
    return System.getProperty(property) != null || System.getenv(variable) != null;
  }
}
