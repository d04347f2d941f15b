package dev.shardstream.systemtests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that speaks S3, as snapshots use it. */
class S3StoreIT {
  private static final String PLACE = "s3://" + S3Server.BUCKET + "/shardstream/nightly";

  /** Three parts of an upload, the last of them shorter. */
  private static final int LONG = 20_000_000;

  @TempDir private Path directory;
  private S3Server server;

  @BeforeEach
  void start() throws IOException {
    server = S3Server.start(directory.resolve("store"));
    server.properties().forEach(System::setProperty);
  }

  @AfterEach
  void stop() {
    server.properties().keySet().forEach(System::clearProperty);
    server.close();
  }

  @Test
  void it_keeps_what_it_is_given() throws IOException {
    try (SnapshotStore store = SnapshotStores.open(PLACE)) {
      assertThat(store.place()).isEqualTo(PLACE);
      assertThat(store.names()).isEmpty();
      assertThat(store.get("orders-1/complete", directory.resolve("none"), 10)).isFalse();

      store.put("orders-1/complete", file("first"));
      store.put("orders-1/complete", file("second"));
      store.put("orders-1/data/1.sqlite", file("a slice"));
      byte[] bytes = new byte[LONG];
      new Random(7).nextBytes(bytes);
      store.put("orders-2/data/1.sqlite", Files.write(directory.resolve("long"), bytes));

      assertThat(store.names()).containsExactly("orders-1", "orders-2");
      assertThat(fetched(store, "orders-1/complete", 10)).asString().isEqualTo("second");
      assertThat(fetched(store, "orders-2/data/1.sqlite", LONG)).isEqualTo(bytes);
      assertFails(
          () -> store.get("orders-1/complete", directory.resolve("short"), 5),
          ErrorCode.SNAPSHOT_REFUSED,
          PLACE + "/orders-1/complete is refused: it has more than 5 bytes");
      assertFails(
          () -> store.put("../complete", file("elsewhere")),
          ErrorCode.SNAPSHOT_REFUSED,
          "'../complete' is refused: it is no name of a file of a snapshot");

      store.delete("orders-2/data/1.sqlite");
      store.delete("orders-2/data/1.sqlite");
      store.put("orders-10/complete", file("another one"));
      assertThat(store.names()).containsExactly("orders-1", "orders-10");
      store.deleteAll("orders-1");
      store.deleteAll("orders-1");
      assertThat(store.names()).containsExactly("orders-10");
    }
    try (SnapshotStore other = SnapshotStores.open("s3://" + S3Server.BUCKET)) {
      assertThat(other.names()).containsExactly("shardstream");
    }
  }

  @Test
  void what_it_refuses_is_said() {
    try (SnapshotStore store = SnapshotStores.open("s3://no-such-bucket/x")) {
      assertFails(
          store::names,
          ErrorCode.SNAPSHOT_STORE,
          "The store at s3://no-such-bucket/x does not do as it should: cannot be listed: ");
    }
    System.setProperty("aws.secretAccessKey", "another");
    try (SnapshotStore store = SnapshotStores.open(PLACE)) {
      assertFails(
          () -> store.put("a/b", file("x")),
          ErrorCode.SNAPSHOT_STORE,
          "The store at " + PLACE + " does not do as it should: cannot write a/b: ");
    }
    for (String wrong : List.of("s3://", "s3://Bucket", "s3://bucket//x", "s3://bucket/../x")) {
      assertFails(
          () -> SnapshotStores.open(wrong),
          ErrorCode.INVALID_ARGUMENT,
          "Invalid argument: a place in S3 is like s3://bucket or s3://bucket/some/prefix, not "
              + wrong);
    }
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("file"), content);
  }

  private byte[] fetched(SnapshotStore store, String key, long mostBytes) throws IOException {
    Path target = directory.resolve("fetched");
    Files.deleteIfExists(target);
    assertThat(store.get(key, target, mostBytes)).isTrue();
    return Files.readAllBytes(target);
  }

  private static void assertFails(ThrowingCallable work, ErrorCode code, String words) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            error -> {
              assertThat(error.getMessage()).startsWith(words);
              assertThat(error.code()).isEqualTo(code);
            });
  }
}
