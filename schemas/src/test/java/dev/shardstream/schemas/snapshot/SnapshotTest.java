package dev.shardstream.schemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
  @TempDir private Path directory;
  private StoredSnapshot stored;

  @BeforeEach
  void makeStore() throws IOException {
    stored = new StoredSnapshot(directory);
  }

  private static void assertFails(ThrowingCallable work, ErrorCode code, String... words) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            error -> {
              assertThat(error.code()).isEqualTo(code);
              for (String word : words) {
                assertThat(error.getMessage()).contains(word);
              }
            });
  }

  @Test
  void what_was_stored_comes_back() throws Exception {
    SnapshotManifest manifest = stored.put("a");

    Snapshot snapshot = Snapshot.open(stored.store(), "a");

    assertThat(snapshot.manifest()).isEqualTo(manifest);
    assertThat(snapshot.manifest().definition()).isEqualTo(StoredSnapshot.TABLE);
    assertThat(List.of(manifest.rows(), manifest.digests().get(7).rows()))
        .isEqualTo(List.of(256L, 1L));
    assertThat(manifest.reached().get(1)).isEqualTo(10 + 127);
    snapshot.fetch(manifest.slices().get(7), stored.fetched());
    assertThat(stored.fetched()).hasContent(StoredSnapshot.content(7));
  }

  @Test
  void a_creation_that_was_cut_off_is_no_snapshot() throws Exception {
    stored.putUnfinished("half");
    stored.put("whole");

    assertThat(SnapshotInfo.list(stored.store()))
        .isEqualTo(List.of(SnapshotInfo.of(Snapshot.open(stored.store(), "whole").manifest())));
    assertFails(
        () -> Snapshot.open(stored.store(), "half"), ErrorCode.SNAPSHOT_NOT_FOUND, "'half'");
    assertFails(
        () -> Snapshot.open(stored.store(), "none"), ErrorCode.SNAPSHOT_NOT_FOUND, "'none'");
  }

  @Test
  void a_place_that_does_not_exist_has_no_snapshots() {
    assertThat(SnapshotInfo.list(new DirectoryStore(directory.resolve("nowhere")))).isEmpty();
  }

  @Test
  void damaged_and_missing_files_are_named() throws Exception {
    SnapshotManifest manifest = stored.put("a");
    SnapshotSlice longer = manifest.slices().get(3);
    SnapshotSlice other = manifest.slices().get(4);
    SnapshotSlice missing = manifest.slices().get(5);
    Files.writeString(stored.file("a", longer.file()), "rows of 3 and more");
    Files.writeString(stored.file("a", other.file()), "Rows of 4");
    Files.delete(stored.file("a", missing.file()));
    Snapshot snapshot = Snapshot.open(stored.store(), "a");

    assertFails(
        () -> snapshot.fetch(longer, stored.fetched()), ErrorCode.SNAPSHOT_REFUSED, "4.sqlite");
    assertFails(
        () -> snapshot.fetch(other, stored.fetched()),
        ErrorCode.SNAPSHOT_DAMAGED,
        other.file(),
        "checksum");
    assertFails(
        () -> snapshot.fetch(missing, directory.resolve("x")),
        ErrorCode.SNAPSHOT_DAMAGED,
        missing.file(),
        "missing");
  }

  @Test
  void a_damaged_manifest_is_listed_as_such() throws Exception {
    stored.put("a");
    Path file = stored.file("a", StoredSnapshot.DATA + "/manifest.json");
    Files.writeString(file, Files.readString(file).replace("kafka-1", "kafka-2"));

    assertFails(
        () -> Snapshot.open(stored.store(), "a"),
        ErrorCode.SNAPSHOT_DAMAGED,
        "manifest.json",
        "checksum");
    assertThat(SnapshotInfo.list(stored.store()))
        .singleElement()
        .satisfies(info -> assertThat(info.problem()).contains("checksum"));
  }

  @Test
  void what_cannot_be_read_is_deleted_whole_when_that_is_said() throws Exception {
    stored.put("whole");
    stored.putChanged("damaged", json -> "no JSON");
    stored.put("cut-off");
    stored.store().delete("cut-off/complete");
    Files.writeString(stored.file("cut-off", ".coming-1"), "a part");

    assertThat(Snapshot.deleteUnreadable(stored.store(), "damaged"))
        .startsWith("Snapshot 'damaged' is damaged: ");
    assertThat(Snapshot.deleteUnreadable(stored.store(), "cut-off"))
        .startsWith("No complete snapshot 'cut-off' in ");
    assertFails(
        () -> Snapshot.deleteUnreadable(stored.store(), "whole"),
        ErrorCode.INVALID_ARGUMENT,
        "snapshot 'whole' can be read");
    assertFails(
        () -> Snapshot.deleteUnreadable(stored.store(), "none"), ErrorCode.SNAPSHOT_NOT_FOUND);
    assertThat(stored.store().names()).isEqualTo(List.of("whole"));
    assertThat(SnapshotInfo.list(stored.store()))
        .singleElement()
        .satisfies(info -> assertThat(info.problem()).isNull());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "/etc/passwd",
        StoredSnapshot.DATA + "/../../../etc/passwd",
        StoredSnapshot.DATA + "//1.sqlite",
        StoredSnapshot.DATA + "/1.sqlite\\u0000",
        "data-x/1.sqlite",
        "..\\\\..\\\\x.sqlite",
        "C:/x.sqlite",
        "1.sqlite"
      })
  void a_manifest_names_nothing_but_its_own_files(String trick) throws Exception {
    stored.putChanged(
        "a", json -> json.replace('"' + StoredSnapshot.DATA + "/1.sqlite\"", '"' + trick + '"'));

    assertFails(
        () -> Snapshot.open(stored.store(), "a"), ErrorCode.SNAPSHOT_REFUSED, "no file of a slice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000 ../b/manifest.json",
        "0000000000000000000000000000000000000000000000000000000000000000 /etc/passwd"
      })
  void a_marker_names_nothing_but_its_manifest(String marker) throws Exception {
    stored.put("a");
    stored.put("a/complete", marker);
    assertFails(
        () -> Snapshot.open(stored.store(), "a"), ErrorCode.SNAPSHOT_REFUSED, "no manifest");
  }

  @Test
  void a_manifest_that_makes_no_sense_is_damaged() throws Exception {
    stored.putChanged("partition", json -> json.replace("\"partition\":3", "\"partition\":2"));
    stored.putChanged("digest", json -> json.replaceFirst("\"digest\":\"..", "\"digest\":\"zz"));
    stored.putChanged("format", json -> json.replace("\"format\":1", "\"format\":2"));
    stored.putChanged("other", json -> json.replace("\"name\":\"other\"", "\"name\":\"else\""));
    stored.putChanged("text", json -> "no JSON");
    stored.putChanged("empty", json -> "{}");
    for (String name : List.of("partition", "digest", "format", "other", "text", "empty")) {
      assertFails(() -> Snapshot.open(stored.store(), name), ErrorCode.SNAPSHOT_DAMAGED, name);
    }
  }

  @Test
  void links_are_not_followed() throws Exception {
    SnapshotManifest manifest = stored.put("a");
    Path secret = Files.writeString(directory.resolve("secret"), "s");
    Path slice = stored.file("a", manifest.slices().get(0).file());
    Files.delete(slice);
    Files.createSymbolicLink(slice, secret);
    Files.createSymbolicLink(directory.resolve("kept/b"), directory.resolve("kept/a"));
    Snapshot snapshot = Snapshot.open(stored.store(), "a");

    assertFails(
        () -> snapshot.fetch(manifest.slices().get(0), stored.fetched()),
        ErrorCode.SNAPSHOT_REFUSED,
        "a link");
    assertFails(() -> Snapshot.open(stored.store(), "b"), ErrorCode.SNAPSHOT_REFUSED, "a link");
    assertThat(stored.store().names()).isEqualTo(List.of("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "", ".hidden", "a b", "a\u0000", "ä", "-x"})
  void a_name_is_one_that_every_place_can_have(String name) {
    assertFails(() -> SnapshotNames.requireName(name), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void a_place_and_a_name_are_told_apart_by_the_last_slash() {
    assertThat(
            List.of(
                SnapshotStores.Located.parse("/backups/users-1"),
                SnapshotStores.Located.parse("kept/a/"),
                SnapshotStores.Located.parse("a"),
                SnapshotStores.Located.parse("/a")))
        .isEqualTo(
            List.of(
                new SnapshotStores.Located("/backups", "users-1"),
                new SnapshotStores.Located("kept", "a"),
                new SnapshotStores.Located(".", "a"),
                new SnapshotStores.Located("/", "a")));
    assertFails(() -> SnapshotStores.Located.parse("kept/.."), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void a_file_that_is_put_again_takes_the_place_of_the_other() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "one");
    stored.store().put("a/x", file);
    stored.store().put("a/x", Files.writeString(file, "two"));

    assertThat(stored.store().get("a/x", stored.fetched(), 3)).isTrue();
    assertThat(stored.fetched()).hasContent("two");
    assertThat(stored.store().get("a/y", directory.resolve("y"), 3)).isFalse();
    try (Stream<Path> files = Files.list(stored.file("a", "."))) {
      assertThat(files.map(each -> each.getFileName().toString())).containsExactly("x");
    }
  }

  @Test
  void what_is_deleted_leaves_no_empty_directory() throws Exception {
    SnapshotManifest manifest = stored.putUnfinished("half");
    manifest.slices().forEach(slice -> stored.store().delete("half/" + slice.file()));
    stored.store().delete("half/" + StoredSnapshot.DATA + "/manifest.json");
    stored.store().delete("half/complete");

    assertThat(stored.store().names()).isEmpty();
  }
}
