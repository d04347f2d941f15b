package dev.shardstream.streams.namespace;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Set;

/** CREATE NAMESPACE and DROP NAMESPACE, and the rule that everything else needs one. */
public final class Namespaces {
  /** The namespace that is always there. */
  private static final String DEFAULT = "default";

  /** What these mean is SQLite's or ours. */
  private static final Set<String> RESERVED =
      Set.of("main", "temp", "system", "information_schema");

  private static final int MOST_NAMED = 10;

  private Namespaces() {}

  /**
   * Makes the namespace that is the command's database. It is there at once.
   *
   * @throws ShardstreamException NAMESPACE_EXISTS, RESERVED_NAMESPACE, RESERVED_NAME
   */
  public static void create(Turn turn, DdlCommand command, CommandProgress progress) {
    String name = command.getDatabase();
    boolean ifNotExists = ((CreateNamespace) command.getOperation()).getIfNotExists();
    if (exists(turn.state())) {
      if (!ifNotExists) {
        throw new ShardstreamException(ErrorCode.NAMESPACE_EXISTS, name);
      }
    } else {
      requireFree(Names.requireUsable(name));
      turn.emit(new Decision.NamespaceStored(new Namespace(name, progress.getAt())));
    }
    Outcomes.applied(turn, command);
  }

  /**
   * Drops the namespace that is the command's database. Tables that are being dropped do not hold
   * it up.
   *
   * @throws ShardstreamException NAMESPACE_NOT_FOUND, NAMESPACE_NOT_EMPTY, RESERVED_NAMESPACE
   */
  public static void drop(Turn turn, DdlCommand command) {
    String name = command.getDatabase();
    if (name.equals(DEFAULT)) {
      throw new ShardstreamException(ErrorCode.RESERVED_NAMESPACE, name);
    }
    if (exists(turn.state()) || !((DropNamespace) command.getOperation()).getIfExists()) {
      require(turn.state());
      requireEmpty(turn.state());
      turn.emit(new Decision.NamespaceGone(name));
    }
    Outcomes.applied(turn, command);
  }

  private static void requireEmpty(DatabaseState state) {
    List<String> tables =
        state.tables().stream()
            .filter(t -> t.getStatus() != TableStatus.DROPPING)
            .map(Table::getName)
            .sorted()
            .toList();
    if (!tables.isEmpty()) {
      String named = String.join(", ", tables.subList(0, Math.min(MOST_NAMED, tables.size())));
      throw new ShardstreamException(
          ErrorCode.NAMESPACE_NOT_EMPTY,
          state.database(),
          tables.size() > MOST_NAMED
              ? named + " and " + (tables.size() - MOST_NAMED) + " more"
              : named);
    }
  }

  /**
   * @throws ShardstreamException NAMESPACE_NOT_FOUND, RESERVED_NAMESPACE for one that nobody can
   *     create
   */
  public static void require(DatabaseState state) {
    if (!exists(state)) {
      requireFree(state.database());
      throw new ShardstreamException(
          ErrorCode.NAMESPACE_NOT_FOUND, state.database(), state.database());
    }
  }

  private static void requireFree(String name) {
    if (RESERVED.contains(name)) {
      throw new ShardstreamException(ErrorCode.RESERVED_NAMESPACE, name);
    }
  }

  private static boolean exists(DatabaseState state) {
    return state.database().equals(DEFAULT) || state.namespace().isPresent();
  }
}
