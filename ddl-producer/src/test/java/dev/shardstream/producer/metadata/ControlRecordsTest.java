package dev.shardstream.producer.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;

class ControlRecordsTest {
  private static final Topics TOPICS = new Topics("t");
  private final Events events =
      new Events(ConfluentRegistry.connect("mock://control-records", Duration.ofSeconds(1)));
  private final List<DdlResult> results = new ArrayList<>();
  private final ControlRecords records = new ControlRecords(TOPICS, events, results::add);

  @Test
  void records_of_each_topic_become_one_snapshot() {
    Topology topology = SampleTables.topology(SampleTables.USERS, 3, 2);
    put(TOPICS.catalog(), "default/default-users-2", Table.class, SampleTables.USERS);
    put(TOPICS.topology(), "default/default-users-2", Topology.class, topology);
    put(TOPICS.nodes(), "n0", Node.class, SampleTables.node("n0"));

    assertThat(records.snapshot())
        .isEqualTo(
            new MetadataSnapshot(
                Map.of("default-users-2", SampleTables.USERS),
                Map.of("default-users-2", topology),
                Map.of(),
                Map.of("n0", SampleTables.node("n0"))));
  }

  @Test
  void a_tombstone_removes_and_what_has_not_changed_is_not_copied() {
    put(TOPICS.catalog(), "default/default-users-2", Table.class, SampleTables.USERS);
    MetadataSnapshot before = records.snapshot();
    put(TOPICS.nodes(), "n0", Node.class, SampleTables.node("n0"));
    MetadataSnapshot after = records.snapshot();
    assertThat(after.tablesById()).isSameAs(before.tablesById());

    records.apply(TOPICS.catalog(), "default/default-users-2", null);
    assertThat(records.snapshot().tablesById()).isEmpty();
  }

  @Test
  void a_killed_live_query_stays_killed_until_it_is_gone() {
    put(TOPICS.liveQueries(), "default/q", LiveQuery.class, liveQuery(LiveQueryState.ACTIVE));
    put(TOPICS.liveQueries(), "default/q", LiveQuery.class, liveQuery(LiveQueryState.KILLED));
    put(TOPICS.liveQueries(), "default/q", LiveQuery.class, liveQuery(LiveQueryState.ACTIVE));
    assertThat(records.snapshot().liveQueries())
        .isEqualTo(Map.of("default/q", liveQuery(LiveQueryState.KILLED)));
    records.apply(TOPICS.liveQueries(), "default/q", null);
    assertThat(records.snapshot().liveQueries()).isEmpty();
  }

  @Test
  void a_namespace_comes_and_goes() {
    assertThat(records.snapshot().hasNamespace("Default")).isTrue();
    put(TOPICS.namespaces(), "shop", Namespace.class, new Namespace("shop", 5L));
    assertThat(records.snapshot().hasNamespace("Shop")).isTrue();
    assertThatThrownBy(() -> records.snapshot().requireTable("shop", "t"))
        .hasMessage("Table 't' not found");
    records.apply(TOPICS.namespaces(), "shop", null);
    assertThatThrownBy(() -> records.snapshot().requireTable("shop", "t"))
        .hasMessage("Namespace 'shop' not found: create it with CREATE NAMESPACE shop");
  }

  private static LiveQuery liveQuery(LiveQueryState state) {
    return new LiveQuery("q", "default", "t-1", "t", "SELECT 1", List.of(1), state, "ada", 1L, 2L);
  }

  @Test
  void results_are_handed_on_and_foreign_bytes_are_told() {
    DdlResult result =
        DdlResult.newBuilder()
            .setCommandId("c1")
            .setDatabase("default")
            .setStatus(DdlStatus.ACCEPTED)
            .setAt(1)
            .setOperation("CREATE_TABLE")
            .setIssuedBy("ada")
            .build();
    put(TOPICS.ddlResults(), "c1", DdlResult.class, result);
    assertThat(results).containsExactly(result);
    assertThatThrownBy(() -> records.apply(TOPICS.catalog(), "k", new byte[] {1, 2, 3}))
        .isInstanceOf(MalformedRecordException.class);
  }

  private <T extends SpecificRecordBase> void put(
      String topic, String key, Class<T> type, T value) {
    records.apply(topic, key, events.serde(type).serializer().serialize(topic, value));
  }
}
