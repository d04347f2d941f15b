package dev.shardstream.streams.view;

import java.util.List;

/** Bodies that are lists: objects, so that fields can be added to them. */
public final class Lists {
  private Lists() {}

  /**
   * @param databases names of databases, in order
   */
  public record Databases(List<String> databases) {}

  /**
   * @param tables tables by name
   */
  public record Tables(List<TableBody> tables) {}

  /**
   * @param versions versions of a table, from the first
   */
  public record Versions(List<VersionBody> versions) {}

  /**
   * @param topologies topologies of tables, by table id
   */
  public record Topologies(List<TopologyBody> topologies) {}

  /**
   * @param reshards reshards, the one that was started last in front
   */
  public record Reshards(List<ReshardBody> reshards) {}

  /**
   * @param commands commands, the one whose result is newest in front
   */
  public record Commands(List<CommandBody> commands) {}

  /**
   * @param nodes nodes by name
   */
  public record Nodes(List<NodeBody> nodes) {}
}
