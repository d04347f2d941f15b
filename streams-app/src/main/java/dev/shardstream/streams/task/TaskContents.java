package dev.shardstream.streams.task;

import dev.shardstream.schemas.catalog.Rules;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.CreateLog;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DeleteLog;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.RegisterSchema;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.SampleKeys;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.event.WriteFences;
import dev.shardstream.schemas.event.WriteRule;
import dev.shardstream.streams.placement.Holding;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a task says, from the state as it is when the attempt is issued. */
final class TaskContents {
  private static final int PARTS_PER_SHARD = 64;
  private static final int FEWEST_PARTS = 256;
  private static final int MOST_PARTS = 4096;

  private TaskContents() {}

  static Decision of(Turn turn, OpenTask task) {
    return task.getNodeId() == null ? provision(turn, task) : shard(turn, task);
  }

  private static Decision provision(Turn turn, OpenTask task) {
    Table table = turn.state().table(task.getTableId()).orElseThrow();
    Object content =
        switch (task.getKind()) {
          case CREATE_LOG -> new CreateLog(table);
          case DELETE_LOG -> new DeleteLog(table.getPartitions());
          case WRITE_FENCES -> fences(turn, task, table);
          case REGISTER_SCHEMA -> new RegisterSchema(next(turn, task, table));
          case WRITE_RULE -> new WriteRule(rule(task, table), table.getPartitions());
          default -> throw new IllegalStateException("No work for the provisioner: " + task);
        };
    return new Decision.ProvisionTaskIssued(
        new ProvisionTask(
            task.getTaskId(),
            task.getAttempt(),
            turn.state().database(),
            task.getTableId(),
            turn.now(),
            content));
  }

  private static Decision shard(Turn turn, OpenTask task) {
    int shardId = task.getShardId();
    Object content =
        switch (task.getKind()) {
          case CREATE_SHARD -> create(turn, task, shardId);
          case COPY_SHARD -> copy(turn, task, shardId);
          case VERIFY_SHARD -> verify(turn, task, shardId);
          case SAMPLE_KEYS -> new SampleKeys(shardId, parts(turn, task, shardId));
          case DROP_SHARD -> new DropShard(shardId);
          case CHECK_RULE ->
              new CheckRule(
                  shardId,
                  rule(task, turn.state().table(task.getTableId()).orElseThrow()),
                  task.getOffsets());
          default -> throw new IllegalStateException("No work for a node: " + task);
        };
    return new Decision.ShardTaskIssued(
        ShardTask.newBuilder()
            .setTaskId(task.getTaskId())
            .setAttempt(task.getAttempt())
            .setNodeId(task.getNodeId())
            .setDatabase(turn.state().database())
            .setTableId(task.getTableId())
            .setChangeLogId(task.getChangeLogId())
            .setIssuedAt(turn.now())
            .setTask(content)
            .build());
  }

  private static WriteFences fences(Turn turn, OpenTask task, Table table) {
    VerifyRound round = round(turn, task);
    return new WriteFences(
        round.getFenceId(),
        round.getChangeLogId(),
        table.getSchemaVersion(),
        table.getPartitions());
  }

  private static Table next(Turn turn, OpenTask task, Table table) {
    DdlCommand command =
        turn.state().command(Objects.requireNonNull(task.getCommandId())).orElseThrow();
    return NextTable.decided(table, command);
  }

  private static Rule rule(OpenTask task, Table table) {
    return Rules.of(table, Objects.requireNonNull(task.getRuleId()), task.getEnforced());
  }

  private static CreateShard create(Turn turn, OpenTask task, int shardId) {
    Shard shard = target(turn, task, shardId);
    return new CreateShard(
        shardId,
        turn.state().table(task.getTableId()).orElseThrow(),
        shard.getVirtualShards(),
        isFromLogStart(turn, task),
        shard.getRange(),
        servedBy(turn, task));
  }

  /**
   * A table that is being made has no writers, and what a verify makes has no readers. Whoever is
   * asked for a shard of a table that is in use has lost it, and what was read of it must not be
   * read of an empty one.
   */
  private static @Nullable String servedBy(Turn turn, OpenTask task) {
    boolean isInUse =
        task.getChangeLogId() == null
            && turn.state().table(task.getTableId()).orElseThrow().getStatus()
                != TableStatus.CREATING;
    return isInUse ? null : task.getIncarnation();
  }

  /** The shards of a table that no reshard makes, and those that are made to be compared. */
  private static boolean isFromLogStart(Turn turn, OpenTask task) {
    return task.getChangeLogId() == null
        || turn.state()
            .reshard(task.getChangeLogId())
            .filter(r -> r.getPurpose() == ReshardPurpose.VERIFY)
            .isPresent();
  }

  private static CopyShard copy(Turn turn, OpenTask task, int shardId) {
    Reshard reshard = reshard(turn, task);
    Set<Integer> again = new HashSet<>(reshard.getCopyAgain());
    return new CopyShard(
        shardId,
        sources(turn, task, shardId),
        CopyPace.given(task).share(),
        task.getPaused(),
        reshard.getRepairs(),
        target(turn, task, shardId).getVirtualShards().stream().filter(again::contains).toList());
  }

  /** The owners that hold something of the target, each with what the target shall take from it. */
  private static List<CopySource> sources(Turn turn, OpenTask task, int shardId) {
    Shard target = target(turn, task, shardId);
    return Tables.owners(topology(turn, task)).stream()
        .flatMap(
            owner -> Holding.of(owner).shared(Holding.of(target)).map(of(turn, owner)).stream())
        .toList();
  }

  private static Function<Holding, CopySource> of(Turn turn, Shard source) {
    String node = source.getNodeId();
    String endpoint = turn.cluster().node(node).map(Node::getEndpoint).orElse("");
    return part ->
        new CopySource(source.getId(), node, endpoint, part.virtualShards(), part.range());
  }

  /**
   * As many parts as give every shard to be made some tens of them, by what is known of how many
   * rows each source has.
   */
  private static int parts(Turn turn, OpenTask task, int shardId) {
    Reshard reshard = reshard(turn, task);
    List<Shard> sources =
        reshard.getSourceShards().stream()
            .map(id -> Tables.shard(topology(turn, task), id).orElseThrow())
            .toList();
    double all = sources.stream().mapToDouble(s -> rows(turn, task, s)).sum();
    double share =
        all == 0 ? 1.0 / sources.size() : rows(turn, task, target(turn, task, shardId)) / all;
    long parts = Math.round(PARTS_PER_SHARD * reshard.getShardCount() * share);
    return (int) Math.max(FEWEST_PARTS, Math.min(MOST_PARTS, parts));
  }

  private static double rows(Turn turn, OpenTask task, Shard shard) {
    return turn.cluster()
        .report(shard.getNodeId(), task.getTableId(), shard.getId())
        .map(ShardReport::getRows)
        .orElse(0L);
  }

  private static Reshard reshard(Turn turn, OpenTask task) {
    return turn.state().reshard(String.valueOf(task.getChangeLogId())).orElseThrow();
  }

  private static VerifyShard verify(Turn turn, OpenTask task, int shardId) {
    VerifyRound round = round(turn, task);
    Set<Integer> held = new HashSet<>(target(turn, task, shardId).getVirtualShards());
    return new VerifyShard(
        shardId,
        round.getFenceId(),
        round.getVirtualShards().stream().filter(held::contains).toList(),
        round.getListKeys());
  }

  private static VerifyRound round(Turn turn, OpenTask task) {
    return turn.state().round(String.valueOf(task.getChangeLogId())).orElseThrow();
  }

  private static Shard target(Turn turn, OpenTask task, int shardId) {
    return Tables.shard(topology(turn, task), shardId).orElseThrow();
  }

  private static Topology topology(Turn turn, OpenTask task) {
    return turn.state().topology(task.getTableId()).orElseThrow();
  }
}
