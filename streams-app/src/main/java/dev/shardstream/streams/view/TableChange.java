package dev.shardstream.streams.view;

/**
 * That a table has changed: whoever shows it reads it again.
 *
 * @param database database it is in
 * @param tableId the table
 * @param what {@code definition} or {@code shards}
 * @param gone whether it is gone
 */
public record TableChange(String database, String tableId, String what, boolean gone) {
  /**
   * @param key key of the record in the catalog: {@code database/table id}
   */
  public static TableChange ofDefinition(String key, boolean gone) {
    return of(key, "definition", gone);
  }

  /**
   * @param key key of the record in the topology: {@code database/table id}
   */
  public static TableChange ofShards(String key, boolean gone) {
    return of(key, "shards", gone);
  }

  private static TableChange of(String key, String what, boolean gone) {
    int slash = key.indexOf('/');
    return new TableChange(
        key.substring(0, Math.max(0, slash)), key.substring(slash + 1), what, gone);
  }
}
