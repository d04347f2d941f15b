package dev.shardstream.schemas.serde;

import java.util.Optional;
import org.apache.avro.Schema;

/** A schema registry, as far as Shardstream needs one. Safe for use by several threads. */
public interface Registry extends AutoCloseable {
  /**
   * Registers a schema under a subject, or finds it there.
   *
   * @return its id, the same for the same schema
   * @throws dev.shardstream.schemas.contract.ShardstreamException REGISTRY_UNREACHABLE after a
   *     bounded wait, INVALID_ARGUMENT when the registry refuses the schema
   */
  int register(String subject, Schema schema);

  /**
   * The schema of an id; empty when the registry answers that there is none. One that is no Avro is
   * the schema of null, which no record is.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException REGISTRY_UNREACHABLE
   */
  Optional<Schema> byId(int id);

  /** Sets a subject's compatibility to BACKWARD: a new reader must read old records. */
  void requireBackwardCompatibility(String subject);

  /** Deletes a subject; no effect when there is none. Ids stay readable. */
  void deleteSubject(String subject);

  @Override
  void close();
}
