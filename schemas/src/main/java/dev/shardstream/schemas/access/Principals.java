package dev.shardstream.schemas.access;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * A file of principals. A line is a name, a role and what it is known by, a digest of its token or
 * the subject of its certificate; a name may have several lines, so that a token can be replaced
 * while the one before it still counts. Empty lines and those that begin with {@code #} say
 * nothing.
 *
 * <pre>
 * reports  READ   sha256:5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
 * node-1   NODE   certificate:CN=node-1, O=Example
 * </pre>
 */
public final class Principals {
  static final String DIGEST = "sha256:";
  private static final String CERTIFICATE = "certificate:";
  private static final int DIGEST_BYTES = 32;
  private static final String NAMES = "a name has letters, digits, '.', '_' and '-', at most 100";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private record KnownToken(byte[] digest, Principal principal) {}

  private record KnownCertificate(X500Principal subject, Principal principal) {}

  private final List<KnownToken> tokens = new ArrayList<>();
  private final List<KnownCertificate> certificates = new ArrayList<>();

  private Principals() {}

  /**
   * Reads a file.
   *
   * @throws ShardstreamException INVALID_CONFIG that names the file and the line, and repeats
   *     nothing of it
   */
  public static Principals read(Path file) throws IOException {
    Principals principals = new Principals();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        principals.add(line.strip(), file + ", line " + number);
      }
    }
    return principals;
  }

  /**
   * A principal that a file can have.
   *
   * @throws ShardstreamException INVALID_ARGUMENT for a name that it cannot
   */
  public static Principal named(String name, Role role) {
    if (!NAME.matcher(name).matches()) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, NAMES);
    }
    return new Principal(name, role);
  }

  private void add(String line, String where) {
    String[] parts = line.split("\\s+", 3);
    if (parts.length < 3) {
      throw invalid(where, "a line is NAME ROLE sha256:DIGEST or NAME ROLE certificate:SUBJECT");
    }
    if (!NAME.matcher(parts[0]).matches()) {
      throw invalid(where, NAMES);
    }
    Principal principal = new Principal(parts[0], role(parts[1], where));
    if (parts[2].startsWith(DIGEST)) {
      tokens.add(new KnownToken(digest(parts[2].substring(DIGEST.length()), where), principal));
    } else if (parts[2].startsWith(CERTIFICATE)) {
      certificates.add(
          new KnownCertificate(
              subject(parts[2].substring(CERTIFICATE.length()), where), principal));
    } else {
      throw invalid(where, "a principal is known by sha256:DIGEST or certificate:SUBJECT");
    }
  }

  /**
   * The role of that name, in any case.
   *
   * @throws ShardstreamException INVALID_CONFIG
   */
  private static Role role(String name, String where) {
    return Stream.of(Role.values())
        .filter(role -> role.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> invalid(where, "a role is one of " + List.of(Role.values())));
  }

  private static byte[] digest(String hex, String where) {
    try {
      byte[] digest = HexFormat.of().parseHex(hex);
      if (digest.length == DIGEST_BYTES) {
        return digest;
      }
    } catch (IllegalArgumentException notHex) {
      throw invalid(where, "a digest is 64 hexadecimal digits").causedBy(notHex);
    }
    throw invalid(where, "a digest is 64 hexadecimal digits");
  }

  private static X500Principal subject(String name, String where) {
    try {
      return new X500Principal(name);
    } catch (IllegalArgumentException noName) {
      throw invalid(where, "a subject is a distinguished name, like CN=node-1, O=Example")
          .causedBy(noName);
    }
  }

  private static ShardstreamException invalid(String where, String what) {
    return new ShardstreamException(ErrorCode.INVALID_CONFIG, where + ": " + what);
  }

  /** Whose token it is. Takes as long whether the first digest is the right one or none is. */
  Optional<Principal> byToken(String token) {
    byte[] shown = Token.digest(token);
    Optional<Principal> found = Optional.empty();
    for (KnownToken known : tokens) {
      if (MessageDigest.isEqual(known.digest(), shown)) {
        found = Optional.of(known.principal());
      }
    }
    return found;
  }

  /** Whose certificate it is; names are compared as X.500 has it, whatever blanks they have. */
  Optional<Principal> byCertificate(X500Principal subject) {
    return certificates.stream()
        .filter(known -> known.subject().equals(subject))
        .map(KnownCertificate::principal)
        .findFirst();
  }
}
