package dev.shardstream.producer.sql;

import org.jspecify.annotations.Nullable;

/** SHOW, DESCRIBE and the like: what answers rows about the cluster and not of a table. */
public sealed interface Report extends Statement.Read {
  /**
   * SHOW TABLES.
   *
   * @param namespace null for the configured one
   */
  record ShowTables(@Nullable String namespace) implements Report {}

  /** SHOW NAMESPACES. */
  record ShowNamespaces() implements Report {}

  /** SHOW INDEXES FROM table. */
  record ShowIndexes(QualifiedName table) implements Report {}

  /**
   * SHOW RESHARDS [LIKE pattern].
   *
   * @param pattern of LIKE, for the ids; null for all
   */
  record ShowReshards(@Nullable String pattern) implements Report {}

  /** SHOW RESHARD id. */
  record ShowReshard(String changeLogId) implements Report {}

  /** SHOW SHARDS FROM table. */
  record ShowShards(QualifiedName table) implements Report {}

  /** SHOW NODES. */
  record ShowNodes() implements Report {}

  /**
   * SHOW DDL.
   *
   * @param commandId every transition of this command; null for the state of all commands
   */
  record ShowDdl(@Nullable String commandId) implements Report {}

  /** SHOW PENDING DDL. */
  record ShowPendingDdl() implements Report {}

  /** SHOW LIVE QUERIES. */
  record ShowLiveQueries() implements Report {}

  /**
   * DESCRIBE or DESC.
   *
   * @param history whether its versions are asked for
   */
  record DescribeTable(QualifiedName table, boolean history) implements Report {}

  /** SELECT * FROM TABLE_STATS('table'). */
  record ShowTableStats(QualifiedName table) implements Report {}
}
