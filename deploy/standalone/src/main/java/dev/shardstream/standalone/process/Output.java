package dev.shardstream.standalone.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** What a process prints: appended from start to start, and emptied when it has grown large. */
final class Output {
  private static final long LIMIT_BYTES = 4L << 20;
  private static final int TAIL_BYTES = 8 << 10;

  private final Path file;
  private long begin;

  Output(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Called before a start: what is printed from now on belongs to it. */
  void begin() {
    try {
      Files.createDirectories(file.getParent());
      if (Files.exists(file) && Files.size(file) > LIMIT_BYTES) {
        Files.delete(file);
      }
      begin = Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw PropertiesFile.unusable(file, e);
    }
  }

  /** The last line printed since the start; empty if nothing was. */
  Optional<String> lastLine() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long from = Math.max(begin, channel.size() - TAIL_BYTES);
      ByteBuffer tail = ByteBuffer.allocate((int) (channel.size() - from));
      channel.read(tail, from);
      return new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .reduce((before, after) -> after);
    } catch (IOException e) {
      throw PropertiesFile.unusable(file, e);
    }
  }
}
