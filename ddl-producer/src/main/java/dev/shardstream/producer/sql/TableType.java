package dev.shardstream.producer.sql;

/** What kind of table CREATE or DROP names. */
public enum TableType {
  /** CREATE TABLE. */
  REGULAR,
  /** CREATE NODE TABLE: the nodes of a graph. */
  NODE,
  /** CREATE EDGE TABLE: edges from the rows of one node table to those of another. */
  EDGE,
  /** CREATE STREAM TABLE: appended to, and its rows expire. */
  STREAM
}
