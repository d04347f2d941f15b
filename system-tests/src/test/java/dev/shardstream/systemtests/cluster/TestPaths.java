package dev.shardstream.systemtests.cluster;

import java.nio.file.Path;
import java.util.Objects;

/** Where the build says that things lie. */
public final class TestPaths {
  private TestPaths() {}

  /** A fresh directory's place for the files of one cluster or one test; not created. */
  public static Path directory(String name) {
    return property("shardstream.tests.directory").resolve(name);
  }

  /** A file below {@code src/test}. */
  public static Path source(String relative) {
    return property("shardstream.tests.sources").resolve(relative);
  }

  /** The installation under test: {@code lib/}, {@code registry/}. */
  public static Path installation() {
    return property("shardstream.home");
  }

  /** The page that other teams write their clients from. */
  public static Path protocolPage() {
    return property("shardstream.tests.protocol");
  }

  /** A server that speaks S3, with all that it needs. */
  public static Path s3Server() {
    return property("shardstream.tests.s3");
  }

  private static Path property(String name) {
    String value =
        Objects.requireNonNull(
            System.getProperty(name), () -> "system property " + name + " is not set: use Maven");
    return Path.of(value).toAbsolutePath().normalize();
  }
}
