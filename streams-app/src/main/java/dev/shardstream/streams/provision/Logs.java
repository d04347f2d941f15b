package dev.shardstream.streams.provision;

import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.kafka.TopicAdmin;
import dev.shardstream.schemas.row.RowSchema;
import dev.shardstream.schemas.serde.Registry;
import java.util.List;

/** The logs of tables with their registry subjects. Every call is safe to repeat. */
final class Logs {
  private final Topics topics;
  private final TopicAdmin admin;
  private final Registry registry;

  Logs(Topics topics, TopicAdmin admin, Registry registry) {
    this.topics = topics;
    this.admin = admin;
    this.registry = registry;
  }

  /**
   * Creates a table's log and registers its row schema.
   *
   * @return registry id of the row schema
   */
  int create(Table table) {
    TableId id = new TableId(table.getTableId());
    admin.create(List.of(topics.logSpec(id, table.getPartitions())));
    String subject = Topics.subject(topics.log(id));
    int schemaId = registry.register(subject, RowSchema.of(table));
    registry.requireBackwardCompatibility(subject);
    return schemaId;
  }

  /**
   * Registers the row schema of a table's next version.
   *
   * @return its registry id
   */
  int register(Table table) {
    TableId id = new TableId(table.getTableId());
    return registry.register(Topics.subject(topics.log(id)), RowSchema.of(table));
  }

  void delete(TableId id) {
    admin.delete(topics.log(id));
    registry.deleteSubject(Topics.subject(topics.log(id)));
  }
}
