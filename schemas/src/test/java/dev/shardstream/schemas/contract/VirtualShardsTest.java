package dev.shardstream.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The published table of docs/protocol.md is what the code does, line by line. */
class VirtualShardsTest {
  private static final Path PUBLISHED = Path.of("../docs/protocol.md");

  private record Vector(List<Object> values, String canonical, int virtualShard, int partition) {}

  @TestFactory
  Stream<DynamicTest> published_vectors_hold() throws IOException {
    List<Vector> vectors = published();
    assertThat(vectors).hasSizeGreaterThanOrEqualTo(12);
    return vectors.stream()
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.values().toString(),
                    () -> {
                      byte[] canonical = CanonicalKey.of(vector.values());
                      int virtualShard = VirtualShards.of(canonical);
                      assertThat(
                              new Vector(
                                  vector.values(),
                                  HexFormat.of().formatHex(canonical),
                                  virtualShard,
                                  VirtualShards.partitionOf(virtualShard, 16)))
                          .isEqualTo(vector);
                    }));
  }

  @Test
  void every_partition_count_spreads_all_virtual_shards_in_order() {
    for (int partitions = 1; partitions <= VirtualShards.COUNT; partitions++) {
      int count = partitions;
      List<Integer> used =
          IntStream.range(0, VirtualShards.COUNT)
              .map(v -> VirtualShards.partitionOf(v, count))
              .distinct()
              .boxed()
              .toList();
      assertThat(used).isEqualTo(IntStream.range(0, count).boxed().toList());
    }
  }

  @Test
  void ranges_cover_every_virtual_shard_once_for_every_count() {
    for (int count = 1; count <= VirtualShards.COUNT; count++) {
      List<Integer> covered = new ArrayList<>();
      List<ShardRange> ranges = ShardRange.split(count);
      ranges.forEach(range -> covered.addAll(range.virtualShards()));
      assertThat(ranges).hasSize(count);
      assertThat(covered).isEqualTo(IntStream.range(0, VirtualShards.COUNT).boxed().toList());
    }
  }

  @Test
  void a_shard_count_outside_1_to_256_is_refused() {
    assertThatThrownBy(() -> ShardRange.split(0))
        .isInstanceOf(ShardstreamException.class)
        .hasMessage("Invalid shard count: 0 (must be 1 to 256)");
    assertThatThrownBy(() -> ShardRange.split(257))
        .hasMessage("Invalid shard count: 257 (must be 1 to 256)");
  }

  @Test
  void ranges_print_as_a_person_reads_them() {
    assertThat(ShardRange.format(List.of(0, 1, 2, 5, 7, 8))).isEqualTo("0-2,5,7-8");
    assertThat(ShardRange.format(List.of())).isEmpty();
  }

  private static List<Vector> published() throws IOException {
    List<Vector> vectors = new ArrayList<>();
    boolean inTable = false;
    for (String line : Files.readAllLines(PUBLISHED)) {
      if (line.startsWith("| key | canonical bytes | virtual shard")) {
        inTable = true;
      } else if (!line.startsWith("|")) {
        inTable = false;
      } else if (inTable && !line.startsWith("| ---")) {
        String[] cells = line.substring(1).split("\\|");
        vectors.add(
            new Vector(
                values(cells[0].trim().replace("`", "")),
                cells[1].trim().replace("`", ""),
                Integer.parseInt(cells[2].trim()),
                Integer.parseInt(cells[3].trim())));
      }
    }
    return vectors;
  }

  private static List<Object> values(String cell) {
    List<Object> values = new ArrayList<>();
    for (String part : cell.split(", ")) {
      if (part.startsWith("x'")) {
        values.add(HexFormat.of().parseHex(part.substring(2, part.length() - 1)));
      } else if (part.startsWith("'")) {
        values.add(part.substring(1, part.length() - 1));
      } else if (part.contains(".")) {
        values.add(Double.valueOf(part));
      } else {
        values.add(Long.valueOf(part));
      }
    }
    return List.copyOf(values);
  }
}
