package dev.shardstream.schemas.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Bearer tokens: 256 random bits, so a plain digest of one says nothing about it and a server needs
 * to keep no more than that.
 */
public final class Token {
  /** How every token begins, so that scanners for secrets know one. */
  public static final String PREFIX = "shs_";

  private static final int BYTES = 32;

  private Token() {}

  /** A new token. */
  public static String create(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Its SHA-256. */
  static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** The line of a file of principals by which a server knows who shows this token. */
  public static String line(Principal principal, String token) {
    return principal.name()
        + " "
        + principal.role()
        + " "
        + Principals.DIGEST
        + HexFormat.of().formatHex(digest(token));
  }
}
