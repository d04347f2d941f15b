package dev.shardstream.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.worker.Accounts;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LoggedChange;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySamplerTest {
  @TempDir Path directory;

  private static List<LoggedChange> rows(int count) {
    return LongStream.range(0, count).mapToObj(id -> Orders.upsert(id, id, "c")).toList();
  }

  private KeySampler.Sample sample(ShardFile file, int parts) throws Exception {
    try (ReaderPool readers = new ReaderPool(file, 1)) {
      long rows = PositionTable.read(file.writer()).rows();
      return KeySampler.sample(readers, file.shape(), rows, parts);
    }
  }

  private static List<Object> values(KeySampler.Sample sample) {
    return sample.keys().stream().map(key -> OrderedKey.values(key).get(0)).toList();
  }

  @Test
  void parts_have_equally_many_rows() throws Exception {
    try (ShardFile file = Orders.ranged(directory, 0, KeyRanges.ALL, rows(1_000))) {
      KeySampler.Sample sample = sample(file, 8);
      assertThat(values(sample)).containsExactly(125L, 250L, 375L, 500L, 625L, 750L, 875L);
      assertThat(sample.rowsBefore()).containsExactly(125L, 250L, 375L, 500L, 625L, 750L, 875L);
      assertThat(sample.rows()).isEqualTo(1_000);
    }
  }

  @Test
  void a_shard_with_fewer_rows_than_parts_names_each_of_them() throws Exception {
    try (ShardFile file = Orders.ranged(directory, 0, KeyRanges.ALL, rows(3))) {
      KeySampler.Sample sample = sample(file, 256);
      assertThat(values(sample)).containsExactly(1L, 2L);
      assertThat(sample.rowsBefore()).containsExactly(1L, 2L);
      assertThat(sample.rows()).isEqualTo(3);
    }
  }

  @Test
  void a_shard_without_rows_names_no_key() throws Exception {
    try (ShardFile file = Orders.ranged(directory, 0, KeyRanges.ALL, List.of())) {
      assertThat(sample(file, 256)).isEqualTo(new KeySampler.Sample(0, List.of(), List.of()));
    }
  }

  @Test
  void a_key_with_many_rows_is_named_once_and_told_by_the_rows_behind_it() throws Exception {
    Table table = Accounts.ranged();
    try (ShardFile file = Accounts.shard(directory, 0, table)) {
      insert(file, "a", 10);
      insert(file, "b", 900);
      insert(file, "c", 1);
      insert(file, "d", 89);
      try (ReaderPool readers = new ReaderPool(file, 1)) {
        KeySampler.Sample sample = KeySampler.sample(readers, file.shape(), 1_000, 10);
        assertThat(values(sample)).containsExactly("b", "c");
        assertThat(sample.rowsBefore()).containsExactly(10L, 910L);
        assertThat(sample.rows()).isEqualTo(1_000);
      }
    }
  }

  private static void insert(ShardFile file, String tenant, int rows) throws Exception {
    try (PreparedStatement insert =
        file.writer()
            .prepareStatement(
                "INSERT INTO "
                    + file.shape().name()
                    + " (_virtualShard, c"
                    + Accounts.TENANT
                    + ", c"
                    + Accounts.ID
                    + ", _version, _updated) VALUES (?, ?, ?, 0, 0)")) {
      for (int id = 0; id < rows; id++) {
        insert.setInt(1, Accounts.key(tenant, id).virtualShard());
        insert.setString(2, tenant);
        insert.setLong(3, id);
        insert.executeUpdate();
      }
    }
  }

  @Test
  void a_sample_of_long_keys_is_thinned_out_until_it_fits() {
    List<byte[]> keys = new ArrayList<>();
    List<Long> before = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      byte[] key = new byte[100];
      Arrays.fill(key, (byte) i);
      keys.add(key);
      before.add(i * 10L);
    }
    KeySampler.Sample sample = new KeySampler.Sample(100, keys, before);
    assertThat(sample.within(900)).isEqualTo(sample);
    assertThat(sample.within(400).rowsBefore()).containsExactly(20L, 40L, 60L, 80L);
    assertThat(sample.within(399).rowsBefore()).containsExactly(40L, 80L);
    assertThat(sample.within(1).rowsBefore()).containsExactly(80L);
  }

  @Test
  void a_range_of_shard_keys_and_a_sample_are_found_by_an_index() throws Exception {
    try (ShardFile file = Orders.ranged(directory, 0, KeyRanges.ALL, rows(10))) {
      String from = " FROM " + file.shape().name();
      for (String query :
          List.of(
              "SELECT c1, c2" + from + " WHERE c1 BETWEEN 3 AND 5",
              "SELECT id FROM (SELECT c1 AS id, c2 AS name" + from + " WHERE true) WHERE id > 7",
              "SELECT (c1)" + from + " WHERE (c1) >= (3) ORDER BY c1 LIMIT 1 OFFSET 5",
              "SELECT count(*)" + from + " WHERE (c1) >= (3) AND (c1) < (7)")) {
        assertThat(Orders.rows(file.writer(), "EXPLAIN QUERY PLAN " + query))
            .as(query)
            .singleElement()
            .asString()
            .contains("SEARCH")
            .contains("_shardKey");
      }
    }
  }
}
