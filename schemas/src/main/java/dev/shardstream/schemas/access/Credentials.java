package dev.shardstream.schemas.access;

import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a caller shows. It does not print itself: one of it is a secret.
 *
 * @param authorization value of the header of that name; null for none
 * @param certificate subject of a certificate that the TLS handshake has proved; null for none
 */
public record Credentials(@Nullable String authorization, @Nullable X500Principal certificate) {
  public static final Credentials NONE = new Credentials(null, null);

  @Override
  public String toString() {
    return "Credentials";
  }
}
