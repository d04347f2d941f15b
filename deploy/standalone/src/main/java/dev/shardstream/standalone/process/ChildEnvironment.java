package dev.shardstream.standalone.process;

import java.util.Map;

/** The environment of a child process. */
final class ChildEnvironment {
  /** Each of these overrides an entry of a process's configuration file. */
  private static final String OVERRIDES = "SHARDSTREAM_";

  /** How logs are written is no entry of any file, and the same for all. */
  private static final String LOG_FORMAT = "SHARDSTREAM_LOG_FORMAT";

  private ChildEnvironment() {}

  /** Turns the environment of this JVM into that of a child. */
  static void prepare(Map<String, String> environment, Installation installation) {
    // What is meant for the launcher must not reach the children: SHARDSTREAM_DATA_DIR is the whole
    // cluster's directory here, and would be each worker's own there.
    environment.keySet().removeIf(name -> name.startsWith(OVERRIDES) && !name.equals(LOG_FORMAT));
    // The class path goes this way so that command lines stay short enough to read in `ps`.
    environment.put("CLASSPATH", installation.classPath());
    // glibc keeps an arena per core and thread otherwise, which costs each JVM tens of MiB.
    environment.put("MALLOC_ARENA_MAX", "2");
    // A JVM prints a line to stderr, and takes other bounds than ours, when it finds these.
    environment.remove("JAVA_TOOL_OPTIONS");
    environment.remove("_JAVA_OPTIONS");
    environment.remove("JDK_JAVA_OPTIONS");
  }
}
