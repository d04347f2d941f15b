package dev.shardstream.producer.api;

import java.util.List;

/**
 * A live query that has lately given a sign of life.
 *
 * @param id unique in its namespace
 * @param database namespace of its table
 * @param tableName name of its table now
 * @param sql the SELECT
 * @param columns names of the columns that it reads, also in its predicate
 * @param issuedBy who subscribes
 * @param startedAt milliseconds since the epoch
 * @param heartbeatAt last sign of life, milliseconds since the epoch, the subscriber's clock
 */
public record LiveQueryInfo(
    String id,
    String database,
    String tableName,
    String sql,
    List<String> columns,
    String issuedBy,
    long startedAt,
    long heartbeatAt) {}
