package dev.shardstream.streams.task;

/** Ids of tasks. They derive from what the task is about, so that a task exists once. */
public final class TaskIds {
  private TaskIds() {}

  public static String createLog(String tableId) {
    return tableId + "/log/create";
  }

  public static String deleteLog(String tableId) {
    return tableId + "/log/delete";
  }

  public static String writeFences(String fenceId) {
    return fenceId + "/write";
  }

  public static String createShard(String tableId, int shardId) {
    return tableId + "/" + shardId + "/create";
  }

  /**
   * Each repair has a task of its own, so that nothing that is said of an earlier copy counts.
   *
   * @param repair number of the repair, 0 for the copy itself
   */
  public static String copyShard(String changeLogId, int shardId, int repair) {
    return changeLogId + "/" + shardId + (repair == 0 ? "/copy" : "/repair" + repair);
  }

  public static String sampleKeys(String changeLogId, int shardId) {
    return changeLogId + "/" + shardId + "/sample";
  }

  public static String verifyShard(String fenceId, int shardId) {
    return fenceId + "/" + shardId + "/verify";
  }

  /**
   * @param sequence of the command that it serves
   */
  public static String registerSchema(String tableId, long sequence) {
    return tableId + "/c" + sequence + "/register";
  }

  /**
   * @param sequence of the command that it serves
   */
  public static String writeRule(String tableId, long sequence, String ruleId, boolean enforced) {
    return tableId + "/c" + sequence + "/" + ruleId + (enforced ? "/enforce" : "/lift");
  }

  /**
   * @param writeRuleId of the task that wrote the rule
   */
  public static String checkRule(String writeRuleId, int shardId) {
    return writeRuleId + "/" + shardId;
  }

  public static String dropShard(String tableId, int shardId) {
    return tableId + "/" + shardId + "/drop";
  }
}
