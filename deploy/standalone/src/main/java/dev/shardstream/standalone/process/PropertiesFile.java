package dev.shardstream.standalone.process;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Property files as sorted maps, replaced as a whole so that a crash leaves no half file. */
public final class PropertiesFile {
  private PropertiesFile() {}

  /**
   * @return the file's entries; empty if there is no such file
   * @throws ShardstreamException FILE_ERROR
   */
  public static Map<String, String> read(Path file) {
    Map<String, String> entries = new TreeMap<>();
    if (!Files.exists(file)) {
      return entries;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw unusable(file, e);
    }
    properties.stringPropertyNames().forEach(key -> entries.put(key, properties.getProperty(key)));
    return entries;
  }

  /**
   * Writes the entries, creating the directories above the file.
   *
   * @throws ShardstreamException FILE_ERROR
   */
  public static void write(Path file, Map<String, String> entries) {
    Path beside = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(beside, text(entries));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  // Properties.store would add the time and escape every colon, which other languages' readers of
  // this simple format do not expect in a URL.
  private static String text(Map<String, String> entries) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(entries)
        .forEach((key, value) -> text.append(key).append('=').append(escaped(value)).append('\n'));
    return text.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  static ShardstreamException unusable(Path file, IOException cause) {
    return new ShardstreamException(ErrorCode.FILE_ERROR, file, describe(cause)).causedBy(cause);
  }

  private static String describe(IOException cause) {
    return cause.getClass().getSimpleName() + " " + cause.getMessage();
  }
}
