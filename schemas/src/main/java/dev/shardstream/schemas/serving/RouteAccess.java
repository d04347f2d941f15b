package dev.shardstream.schemas.serving;

import dev.shardstream.schemas.access.Role;
import io.javalin.security.RouteRole;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may use a route; each route has exactly one. */
public enum RouteAccess implements RouteRole {
  /** Anyone: probes, and pages that hold nothing. */
  OPEN(null),
  /** READ, or anyone where the configuration says so. */
  METRICS(Role.READ),
  READ(Role.READ),
  WRITE(Role.WRITE),
  DDL(Role.DDL),
  ADMIN(Role.ADMIN),
  NODE(Role.NODE);

  private final @Nullable Role role;

  RouteAccess(@Nullable Role role) {
    this.role = role;
  }

  /** The role that it needs; empty for none. */
  Optional<Role> role() {
    return Optional.ofNullable(role);
  }
}
