package dev.shardstream.standalone.process;

import java.io.File;
import java.nio.file.Path;

/** The JVM that children run on: the one that runs this code. */
final class JavaCommand {
  private JavaCommand() {}

  static String path() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** What a child reads that nobody talks to. */
  static File nothing() {
    return new File(File.separatorChar == '/' ? "/dev/null" : "NUL");
  }
}
