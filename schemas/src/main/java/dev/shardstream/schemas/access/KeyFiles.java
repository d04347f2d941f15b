package dev.shardstream.schemas.access;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys and certificates from files: PKCS #12, or PEM with a key that is not encrypted (PKCS #8).
 * Which of them a file is, its first bytes tell. Messages name files and nothing that is in them.
 */
final class KeyFiles {
  private static final String PEM = "-----BEGIN ";
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END PRIVATE KEY-----");
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private KeyFiles() {}

  /**
   * A key with its certificates.
   *
   * @param file PKCS #12, or PEM certificates, the key's own first
   * @param keyFile PEM; the same file when the key is in it too
   * @throws ShardstreamException INVALID_CONFIG when they are no such files, or the certificate is
   *     not that of the key
   */
  static KeyStore identity(Path file, Path keyFile, char[] password) throws IOException {
    try {
      if (!isPem(file)) {
        return pkcs12(file, password);
      }
      PrivateKey key = privateKey(keyFile);
      Certificate[] chain = certificates(file).toArray(Certificate[]::new);
      requirePair(key, chain[0], file, keyFile);
      KeyStore store = empty();
      store.setKeyEntry("own", key, password, chain);
      return store;
    } catch (GeneralSecurityException e) {
      throw invalid(file, "holds no key and certificate that can be used").causedBy(e);
    }
  }

  /**
   * Certificates of those who are trusted.
   *
   * @param file PKCS #12 or PEM
   * @throws ShardstreamException INVALID_CONFIG when it has none
   */
  static KeyStore trusted(Path file, char[] password) throws IOException {
    try {
      KeyStore store;
      if (isPem(file)) {
        store = empty();
        for (Certificate certificate : certificates(file)) {
          store.setCertificateEntry("trusted-" + store.size(), certificate);
        }
      } else {
        store = pkcs12(file, password);
      }
      if (store.size() == 0) {
        throw invalid(file, "holds no certificate");
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw invalid(file, "holds no certificates that can be used").causedBy(e);
    }
  }

  private static boolean isPem(Path file) throws IOException {
    // A PEM file may begin with words about the certificate.
    return Files.size(file) < 1 << 20
        && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(PEM);
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static KeyStore pkcs12(Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    } catch (IOException e) {
      throw invalid(file, "is neither PEM nor PKCS #12 that the password opens").causedBy(e);
    }
    return store;
  }

  private static List<Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    String certificates = KEY.matcher(text).replaceAll("");
    List<Certificate> found =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(
                    new ByteArrayInputStream(certificates.getBytes(StandardCharsets.ISO_8859_1))));
    if (found.isEmpty()) {
      throw invalid(file, "holds no certificate");
    }
    return found;
  }

  private static PrivateKey privateKey(Path file) throws GeneralSecurityException, IOException {
    Matcher key = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    if (!key.find()) {
      throw invalid(file, "holds no 'PRIVATE KEY' (PKCS #8, not encrypted)");
    }
    PKCS8EncodedKeySpec spec =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException another) {
        continue;
      }
    }
    throw invalid(file, "holds a key that is none of RSA, EC and EdDSA");
  }

  /** Two files are not replaced at once: a key must not be used with the other's certificate. */
  private static void requirePair(PrivateKey key, Certificate certificate, Path file, Path keyFile)
      throws GeneralSecurityException {
    byte[] probe = "pair".getBytes(StandardCharsets.US_ASCII);
    String algorithm = SIGNATURES.get(key.getAlgorithm());
    Signature signing = Signature.getInstance(String.valueOf(algorithm));
    signing.initSign(key);
    signing.update(probe);
    byte[] signed = signing.sign();
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      throw invalid(file, "does not begin with the certificate of the key in " + keyFile);
    }
    Signature check = Signature.getInstance(String.valueOf(algorithm));
    check.initVerify(certificate);
    check.update(probe);
    if (!check.verify(signed)) {
      throw invalid(file, "does not begin with the certificate of the key in " + keyFile);
    }
  }

  private static ShardstreamException invalid(Path file, String what) {
    return new ShardstreamException(ErrorCode.INVALID_CONFIG, file + " " + what);
  }
}
