package dev.shardstream.worker.apply;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowSchema;
import dev.shardstream.schemas.serde.WireFormat;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.shard.Rejection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class LogDecoderTest {
  private static final int PARTITION = Orders.partition(1);
  private static final byte[] KEY = CanonicalKey.of(List.of(1L));

  private final FakeLog log = new FakeLog();
  private final LogDecoder decoder = new LogDecoder(Orders.TABLE, log.registry());

  private LogEntry read(int partition, byte[] key, byte[] value) {
    return decoder.read(log.record(partition, log.append(partition, key, value)));
  }

  private static int lowest(int partition) {
    return partition * 256 / Orders.PARTITIONS;
  }

  private void assertPoison(LogEntry entry, int virtualShard, String reason) {
    assertThat(entry).isInstanceOf(LogEntry.Unreadable.class);
    Rejection rejection = ((LogEntry.Unreadable) entry).rejection();
    assertThat(rejection.virtualShard()).isEqualTo(virtualShard);
    assertThat(rejection.code()).isEqualTo("POISON");
    assertThat(rejection.message())
        .startsWith(
            "The log record at " + FakeLog.TOPIC + " " + entry.partition() + "@" + entry.offset())
        .contains(reason);
  }

  @Test
  void a_change_is_read_with_its_place() {
    RowChange change = change(Op.UPSERT, 12L, 1, 1L, 2, "a", 3, -0.0, 4, null, 5, null);
    long offset = log.append(change);
    assertThat(decoder.read(log.record(PARTITION, offset)))
        .isEqualTo(
            new LogEntry.Changed(
                new LoggedChange(Orders.key(1), change, PARTITION, offset, 1_000 + offset)));
  }

  @Test
  void a_fence_is_read_for_the_partitions_lowest_virtual_shard() {
    long offset = log.fence(2, "f-1");
    assertThat(decoder.read(log.record(2, offset)))
        .isEqualTo(new LogEntry.Fenced(2, offset, 128, "f-1", 1_000 + offset, 1));
  }

  @Test
  void a_rule_is_read_for_its_partition() {
    Rule rule = rule(Orders.TABLE.getTableId());
    long offset = log.append(2, null, log.encode(rule));
    assertThat(decoder.read(log.record(2, offset)))
        .isEqualTo(new LogEntry.Ruled(2, offset, 128, rule));
  }

  @Test
  void a_rule_of_another_table_is_poison() {
    assertPoison(
        read(2, null, log.encode(rule("default-orders-2"))),
        128,
        "it is a rule of table default-orders-2");
  }

  @Test
  void a_rule_that_nobody_could_keep_to_is_poison() {
    assertMalformed(RuleKind.NOT_NULL, List.of(), "it is a rule about 0 columns");
    assertMalformed(RuleKind.UNIQUE, List.of(), "it is a rule about 0 columns");
    assertMalformed(RuleKind.NOT_NULL, List.of(2, 4), "it is a rule about 2 columns");
    assertMalformed(RuleKind.UNIQUE, List.of(1, 1), "it is a rule about columns [1, 1]");
    assertMalformed(RuleKind.UNIQUE, List.of(1, -3), "it is a rule about columns [1, -3]");
  }

  private void assertMalformed(RuleKind kind, List<Integer> columns, String reason) {
    String tableId = Orders.TABLE.getTableId();
    Rule rule = new Rule("u1", tableId, kind, columns, "note", true, true);
    assertPoison(read(2, null, log.encode(rule)), 128, reason);
  }

  private static Rule rule(String tableId) {
    return new Rule("n4", tableId, RuleKind.NOT_NULL, List.of(4), "note", true, true);
  }

  @Test
  void a_schema_with_the_names_of_a_row_change_and_other_types_is_poison() {
    Schema row = Schema.createRecord("Row", null, "dev.shardstream.row", false, List.of());
    Schema change =
        Schema.createRecord(
            "RowChange",
            null,
            "dev.shardstream.row",
            false,
            List.of(
                new Schema.Field("op", Schema.create(Schema.Type.STRING)),
                new Schema.Field("ifVersion", Schema.create(Schema.Type.STRING)),
                new Schema.Field("set", Schema.create(Schema.Type.STRING)),
                new Schema.Field("row", row)));
    change.addProp("tableId", Orders.TABLE.getTableId());
    change.addProp("schemaVersion", 1);
    change.addProp("nextColumnId", 6);
    int id = log.registry().register("impostor-value", change);
    GenericRecord impostor = new GenericData.Record(change);
    impostor.put("op", "UPSERT");
    impostor.put("ifVersion", "1");
    impostor.put("set", "id");
    impostor.put("row", new GenericData.Record(row));
    assertPoison(
        read(PARTITION, KEY, WireFormat.encode(id, impostor)),
        lowest(PARTITION),
        "its values are none of a row");
  }

  @Test
  void what_is_no_record_of_ours_is_poison_of_the_lowest_virtual_shard() {
    assertPoison(read(PARTITION, KEY, null), lowest(PARTITION), "it has no value");
    assertPoison(read(PARTITION, KEY, new byte[] {9, 9}), lowest(PARTITION), "wire format");
    assertPoison(read(1, KEY, new byte[0]), 64, "wire format");
    byte[] unknown = ByteBuffer.allocate(9).put((byte) 0).putInt(777).array();
    assertPoison(read(PARTITION, KEY, unknown), lowest(PARTITION), "no Avro schema 777");
    byte[] cut = log.encode(change(Op.UPSERT, 1, 1L, 2, "abcdef"));
    assertPoison(
        read(PARTITION, KEY, Arrays.copyOf(cut, cut.length - 4)),
        lowest(PARTITION),
        "cannot be read");
  }

  @Test
  void a_row_without_its_primary_key_is_poison() {
    assertPoison(
        read(PARTITION, KEY, log.encode(change(Op.UPSERT, 2, "a"))),
        lowest(PARTITION),
        "primary key column with id 1");
  }

  @Test
  void a_row_in_the_wrong_partition_is_poison() {
    int wrong = (PARTITION + 1) % Orders.PARTITIONS;
    assertPoison(
        read(wrong, KEY, log.encode(change(Op.UPSERT, 1, 1L, 2, "a"))),
        lowest(wrong),
        "not of this partition");
  }

  @Test
  void a_key_that_is_not_the_rows_is_poison_of_the_row() {
    byte[] value = log.encode(change(Op.UPSERT, 1, 1L, 2, "a"));
    assertPoison(
        read(PARTITION, new byte[] {1}, value), Orders.virtualShard(1), "not the primary key");
    assertPoison(read(PARTITION, null, value), Orders.virtualShard(1), "not the primary key");
  }

  @Test
  void a_change_of_another_table_is_poison() {
    Table other = Table.newBuilder(Orders.TABLE).setTableId("default-orders-2").build();
    int id = log.registry().register("other-value", RowSchema.of(other));
    byte[] value = log.encode(change(Op.UPSERT, 1, 1L, 2, "a"));
    ByteBuffer.wrap(value).putInt(1, id);
    assertPoison(read(PARTITION, KEY, value), lowest(PARTITION), "is of table default-orders-2");
  }

  @Test
  void a_schema_that_is_registered_later_is_found() {
    byte[] unknown = ByteBuffer.allocate(9).put((byte) 0).putInt(2).array();
    assertPoison(read(PARTITION, KEY, unknown), lowest(PARTITION), "no Avro schema 2");
    log.fence(0, "f");
    assertThat(read(PARTITION, KEY, log.record(0, 0).value())).isInstanceOf(LogEntry.Fenced.class);
  }
}
