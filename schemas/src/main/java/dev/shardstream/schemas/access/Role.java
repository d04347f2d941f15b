package dev.shardstream.schemas.access;

/**
 * What a principal may do over HTTP. READ, WRITE, DDL and ADMIN each include those before it; NODE
 * stands beside them.
 */
public enum Role {
  /** Statements, topology, reports. */
  READ,
  /** Learning what became of changes. */
  WRITE,
  /** Definitions and reshards. */
  DDL,
  /** Everything that is not between nodes. */
  ADMIN,
  /** Slices, whole files of rows: for shard workers, and for nothing else. */
  NODE;

  /** Whether who has this role may do what needs the other. */
  public boolean covers(Role needed) {
    return this == needed || this != NODE && needed != NODE && compareTo(needed) > 0;
  }
}
