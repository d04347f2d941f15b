package dev.shardstream.schemas.access;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who is let in, and for what. */
public final class Guard {
  private static final String SCHEME = "Bearer ";
  private static final Principal ANYONE = new Principal("anyone", Role.ADMIN);

  private final @Nullable WatchedFiles<Principals> principals;
  private final RateLimit limit;

  private Guard(@Nullable WatchedFiles<Principals> principals, RateLimit limit) {
    this.principals = principals;
    this.limit = limit;
  }

  /** Lets anyone do everything, as often as the limit allows to all of them together. */
  public static Guard open(RateLimit limit) {
    return new Guard(null, limit);
  }

  /** Lets in whom the file names. */
  public static Guard of(WatchedFiles<Principals> principals, RateLimit limit) {
    return new Guard(principals, limit);
  }

  /** Whether callers have to say who they are. */
  public boolean isClosed() {
    return principals != null;
  }

  /**
   * Who it is.
   *
   * @param needed the role that what it wants needs
   * @throws ShardstreamException UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS
   */
  public Principal admit(Credentials shown, Role needed) {
    WatchedFiles<Principals> known = principals;
    Principal principal = known == null ? ANYONE : identify(known.current(), shown);
    // Copies have their own pace (reshard.copy.rows.per.second) and are few at a time.
    if (needed != Role.NODE && !limit.take(principal.name())) {
      throw new ShardstreamException(
          ErrorCode.TOO_MANY_REQUESTS, principal.name(), limit.perSecond());
    }
    if (known != null && !principal.role().covers(needed)) {
      throw new ShardstreamException(
          ErrorCode.FORBIDDEN, principal.name(), principal.role(), needed);
    }
    return principal;
  }

  /** A token that is shown has to be right, whatever certificate there is. */
  private static Principal identify(Principals known, Credentials shown) {
    String authorization = shown.authorization();
    if (authorization != null) {
      return token(authorization)
          .flatMap(known::byToken)
          .orElseThrow(() -> unauthenticated("the token is not known"));
    }
    if (shown.certificate() != null) {
      return known
          .byCertificate(shown.certificate())
          .orElseThrow(() -> unauthenticated("no principal has the certificate's subject"));
    }
    throw unauthenticated("there is no token and no certificate");
  }

  private static Optional<String> token(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(authorization.substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  private static ShardstreamException unauthenticated(String why) {
    return new ShardstreamException(ErrorCode.UNAUTHENTICATED, why);
  }
}
