package dev.shardstream.schemas.contract;

import java.util.Arrays;
import java.util.Locale;

/**
 * Every error a user can meet: a stable code and the template of its text. The list with the way
 * out of each is in docs/sql.md.
 */
public enum ErrorCode {
  // Statements
  SYNTAX("Syntax error at line %d, column %d: %s"),
  UNSUPPORTED("Not supported: %s"),
  INVALID_ARGUMENTS("%s requires exactly %d arguments"),
  INVALID_ARGUMENT("Invalid argument: %s"),
  PARAMETER_COUNT("The statement has %d parameters but %d values were given"),
  AMBIGUOUS_COLUMN("Column '%s' is ambiguous"),

  // Definitions
  TABLE_NOT_FOUND("Table '%s' not found"),
  TABLE_EXISTS("Table '%s' already exists"),
  COLUMN_NOT_FOUND("Column '%s' not found in table '%s'"),
  DUPLICATE_COLUMN("Column '%s' is named twice in table '%s'"),
  RESERVED_NAME("Name '%s' is reserved: names that start with '_' belong to Shardstream"),
  INVALID_NAME("Invalid name '%s': use letters, digits and '_', at most 100, not a digit first"),
  INVALID_SHARD_COUNT("Invalid shard count: %s (must be 1 to 256)"),
  INVALID_PARTITION_COUNT("Invalid partition count: %s (must be 1 to 256)"),
  INVALID_OPTION("Invalid table option %s: %s"),
  PRIMARY_KEY_REQUIRED("Table '%s' needs a PRIMARY KEY"),
  SHARD_KEY_NOT_IN_PRIMARY_KEY(
      "Shard key column '%s' of table '%s' must be part of the primary key (%s)"),
  UNIQUE_WITHOUT_SHARD_KEY(
      "UNIQUE (%s) on table '%s' does not contain the shard key (%s): unique values across shards"
          + " need a global unique index, which does not exist yet. Add the shard key to it"),
  UNSUPPORTED_DEFAULT(
      "DEFAULT of column '%s' must be a constant of type %s: %s cannot be evaluated the same way on"
          + " every replica"),

  COLUMN_EXISTS("Column '%s' already exists in table '%s'"),
  TYPE_NARROWING("Type narrowing not supported: %s -> %s"),
  INCOMPATIBLE_TYPE("Incompatible type change: %s -> %s"),
  SYSTEM_COLUMN("Cannot alter system columns: _updated, _deleted"),
  PRIMARY_KEY_COLUMN("Cannot alter primary key column '%s' of table '%s'"),
  SHARD_KEY_COLUMN("Cannot alter shard key column '%s' of table '%s'"),
  NOT_NULL_WITHOUT_DEFAULT(
      "Column '%s' of table '%s' is NOT NULL and needs a DEFAULT for the rows that are there"),
  NULLS_PRESENT("Column '%s' of table '%s' holds NULL: %s. Give these rows a value first"),
  INVALID_BLOCK_SIZE("Invalid block size: %s (must be 1 to 10000)"),
  INVALID_REPLICAS("Invalid replicas: %s (must be 1 to 8)"),
  INVALID_SPLIT("Invalid SPLIT AT of table '%s': %s"),
  INVALID_TTL("Invalid TTL_SECONDS of table '%s': %s (must be 1 to 3153600000)"),
  STREAM_TABLE_IMMUTABLE("Cannot alter stream tables (table_type: Stream)"),
  STREAM_TABLE_APPEND_ONLY("Stream table '%s' is append-only: %s is not possible"),
  WRONG_TABLE_TYPE("Table '%s' is not of type %s (table_type: %s)"),
  NODE_TABLE_NOT_FOUND("Node table '%s' not found: create it before the edge table '%s'"),
  NODE_TABLE_IN_USE(
      "Cannot drop node table '%s' - used by edge table %s: drop it first or use CASCADE"),
  INDEX_NOT_FOUND("Index '%s' not found"),
  INDEX_EXISTS("Index '%s' already exists"),
  DUPLICATES_PRESENT("Cannot create unique index '%s' on table '%s': %s"),
  COLUMN_IN_INDEX(
      "Cannot drop column '%s' - used by index %s: drop the index first or use CASCADE"),
  COLUMN_IN_LIVE_QUERY("Cannot drop column '%s' - used by %d active live queries"),
  NAMESPACE_NOT_FOUND("Namespace '%s' not found: create it with CREATE NAMESPACE %s"),
  NAMESPACE_EXISTS("Namespace '%s' already exists"),
  NAMESPACE_NOT_EMPTY("Namespace '%s' is not empty: drop its tables first (%s)"),
  RESERVED_NAMESPACE("Namespace '%s' is reserved"),
  TABLE_TOO_LARGE(
      "The definition of table '%s' would have %d bytes, more than the %d that it may have: shorten"
          + " or drop columns, indexes, defaults or comments"),
  SCHEMA_REFUSED("Version %d of table '%s' was not registered: %s"),
  // Rows
  TYPE("Column '%s' of table '%s' is %s and cannot hold %s"),
  NOT_NULL("Column '%s' of table '%s' must not be NULL"),
  DUPLICATE_KEY("Duplicate key (%s) in table '%s'"),
  UNIQUE_VIOLATION("Duplicate value (%s) for unique index '%s' of table '%s'"),
  NOT_FOUND("No row with key (%s) in table '%s'"),
  VERSION_MISMATCH("Row (%s) of table '%s' has version %d, not %d"),
  STALE_SCHEMA("Schema version %d of table '%s' is out of date: it is at version %d"),
  KEY_CHANGE("Key column '%s' of table '%s' cannot be changed: delete the row and insert it again"),
  POISON("The log record at %s cannot be read: %s"),
  TOO_LARGE("The change is %d bytes, more than the %d that the log takes (%s)"),

  // Commands
  DUPLICATE_COMMAND("Command '%s' was already given with another content"),
  INVALID_COMMAND("Command '%s' is invalid: %s"),
  DEPENDENCY_REJECTED("Command '%s' depends on '%s', which was rejected: %s"),
  DEPENDENCY_CYCLE("Command '%s' depends on itself: %s"),
  DEPENDENCY_EXPIRED("Command '%s' waited %d s for '%s', which never came"),
  SCHEMA_VERSION_CONFLICT("Table '%s' is at schema version %d, the command expected %d"),
  DDL_NOT_FOUND("No DDL command '%s' is known: results are kept for a week"),
  NO_LIVE_NODE("No shard worker is alive to hold the shards of table '%s'"),

  // Reshards
  RESHARD_IN_PROGRESS("Table '%s' is already being resharded (change_log_id %s)"),
  DROP_DURING_RESHARD("Cannot DROP table '%s' while resharding is in progress"),
  RESHARD_NOT_FOUND("Reshard '%s' not found: SHOW RESHARDS lists them"),
  RESHARD_FAILED("Reshard '%s' of table '%s' failed: %s"),
  TABLE_NOT_READY("Table '%s' is still being created: try again when it is active"),
  NODE_LOST("Node '%s' has sent no heartbeat for %d s"),
  TASK_FAILED("Task %s failed after %d attempts: %s"),
  RESHARD_CANCELLED("Reshard '%s' of table '%s' was cancelled"),
  RESHARD_ROLLED_BACK("Reshard '%s' of table '%s' was rolled back"),
  RESHARD_CANNOT("Cannot %s reshard '%s': %s"),
  INSUFFICIENT_DISK(
      "Table '%s' does not fit: node '%s' needs %d bytes for it and has %d free. Free space there,"
          + " add a node, or reshard to fewer shards at a time"),
  NODE_NOT_FOUND("Node '%s' not found"),
  NODE_NOT_PLACEABLE("Node '%s' takes no shards: %s"),
  SHARD_NOT_FOUND("Table '%s' has no active shard %d"),
  TOO_FEW_NODES(
      "Table '%s' cannot have each row on %d nodes: %d take shards. Add nodes, or set fewer"
          + " replicas"),
  NO_REPLICAS(
      "Table '%s' has no replicas to compare: VERIFY TABLE … AGAINST LOG rebuilds its shards from"
          + " the log and compares those"),
  TOO_FEW_KEYS("Table '%s' has %d shard keys to split at, which makes no more than %d shards"),
  MOVES_GIVEN_UP("%s was given up: %s"),
  VERIFY_MISMATCH("Verify found %d virtual shards that differ: %s"),

  // Live queries
  LIVE_QUERY_NOT_FOUND("Live query '%s' not found"),
  LIVE_QUERY_KILLED("Live query '%s' was killed"),
  // Snapshots
  SNAPSHOT_NOT_FOUND("No complete snapshot '%s' in %s: 'snapshot list' shows those that are there"),
  SNAPSHOT_EXISTS("Snapshot '%s' is in %s already: give the other one another name"),
  SNAPSHOT_FAILED("Table '%s' could not be snapshotted within %d s: %s"),
  SNAPSHOT_DAMAGED("Snapshot '%s' is damaged: %s: %s"),
  SNAPSHOT_REFUSED("%s is refused: %s"),
  SNAPSHOT_STORE("The store at %s does not do as it should: %s"),
  RESTORE_TOO_EARLY(
      "Snapshot '%s' cannot be restored to %s: %s is the earliest that it can be. Take an older"
          + " one"),
  RESTORE_NO_LOG("Snapshot '%s' can be restored as it is, but not to another moment: %s"),
  RESTORE_CONFLICT("Table '%s' cannot take the rows of snapshot '%s': %s"),
  RESTORE_MISMATCH("Table '%s' is not what snapshot '%s' says: %s"),
  SNAPSHOT_NEEDED(
      "Snapshot '%s' is needed: the log of table '%s' was cut behind it, and no other one in %s can"
          + " take its place"),
  LOG_NOT_CUT("The log of table '%s' is not cut: %s"),
  // Processes and the network
  KAFKA_UNREACHABLE("Kafka is not reachable at %s (waited %d s): check the address and the broker"),
  KAFKA_REFUSED("Kafka at %s does not let this process in: %s"),
  REGISTRY_UNREACHABLE(
      "Schema registry is not reachable at %s (waited %d s): check the address and the registry"),
  NOT_RECOVERED("Not everything is back after %d s; waited for: %s"),
  NO_ANSWER("No answer to command '%s' within %d s: is streams-app running?"),
  STATE_UNAVAILABLE("The control plane cannot read its state now: %s. Try again in a moment"),
  TOO_MANY_AT_ONCE("Too many %s at once: at most %d. Try again in a moment"),
  WRITE_FAILED("Could not write to topic %s: %s"),
  WRITE_NOT_APPLIED("The write at %s was acknowledged but not applied within %d s"),
  SHARD_UNREACHABLE("Shard %s on node '%s' is not reachable at %s (waited %d s): %s"),
  STALE_TOPOLOGY("Shard %s is not held here"),
  READ_TOO_STALE(
      "Shard %s cannot say in time that it has everything that was in its log %d ms ago: it is"
          + " catching up, or Kafka does not answer it"),
  SHARD_FAILED("Shard %s has stopped: %s"),
  LOG_TRUNCATED(
      "Log %s no longer holds offset %d (it starts at %d), which shard %s needs: make it anew from"
          + " a replica or a snapshot (snapshot.place)"),
  STATEMENT_TIMEOUT("The statement ran longer than %d ms"),
  ROW_LIMIT("The result has more than %d rows: add a LIMIT or raise the row limit"),
  QUERY_FAILED("%s"),
  RESULT_TOO_LARGE("The result is more than %d bytes: add a LIMIT or ask for fewer columns"),
  STATEMENT_TOO_LONG("The statement has %d characters, more than the %d that one may have"),
  UNKNOWN_ENDPOINT("Nothing answers %s %s here"),
  REQUEST_TOO_LARGE("The request is more than %d bytes"),
  UNAUTHENTICATED("Who calls is not known: %s"),
  FORBIDDEN("'%s' has role %s, which does not include %s"),
  FORBIDDEN_ORIGIN("A page of another site may not ask this"),
  TOO_MANY_REQUESTS("'%s' makes more than %d requests per second: try again in a second"),
  DATA_DIRECTORY_IN_USE("Data directory %s is in use by another process"),
  INVALID_CONFIG("%s"),
  FILE_ERROR("%s: %s"),
  DISK_FULL("The disk that holds %s is full: free space there, and it goes on by itself"),
  NOT_RUNNING("No Shardstream is running from %s: start it with 'up'"),
  START_FAILED("%s did not start within %d s: see %s"),
  INTERNAL("%s");

  private final String template;

  ErrorCode(String template) {
    this.template = template;
  }

  /** The text of this error for the given parameters, in the template's order. */
  public String text(Object... parameters) {
    return parameters.length == 0 ? template : String.format(Locale.ROOT, template, parameters);
  }

  /** The code of that name; {@link #INTERNAL} for one that this release does not know. */
  public static ErrorCode named(String name) {
    return Arrays.stream(values())
        .filter(code -> code.name().equals(name))
        .findFirst()
        .orElse(INTERNAL);
  }
}
