package dev.shardstream.producer.gateway;

import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.access.Role;
import java.util.Locale;

/** What a statement does, as far as the right to do it goes. */
enum StatementKind {
  /** SELECT, SHOW, DESCRIBE. */
  READ(Role.READ),
  /** INSERT, UPDATE, DELETE. */
  WRITE(Role.WRITE),
  /** Whatever becomes a command: definitions, reshards, moves. */
  DDL(Role.DDL),
  /** KILL LIVE QUERY: it is somebody else's. */
  ADMIN(Role.ADMIN);

  private final Role role;

  StatementKind(Role role) {
    this.role = role;
  }

  static StatementKind of(Statement statement) {
    if (statement instanceof Statement.Definition) {
      return DDL;
    }
    if (statement instanceof Statement.Change) {
      return WRITE;
    }
    return statement instanceof Statement.KillLiveQuery ? ADMIN : READ;
  }

  /** The role that it needs. */
  Role role() {
    return role;
  }

  /** In lower case, for metrics. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
