package dev.shardstream.standalone.process;

import java.util.List;

/**
 * The bounds of one JVM, in MiB. Serial GC because the heaps are small and share two cores; an
 * OutOfMemoryError ends the process, since a process that is restarted is better than one that is
 * half alive.
 *
 * @param heap maximum heap
 * @param metaspace maximum class metadata
 */
public record JvmSize(int heap, int metaspace) {

  List<String> options() {
    return List.of(
        "-Xmx" + heap + "m",
        "-Xms32m",
        "-XX:MaxMetaspaceSize=" + metaspace + "m",
        "-XX:ReservedCodeCacheSize=64m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dfile.encoding=UTF-8");
  }
}
