package dev.shardstream.standalone.process;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
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

  private static String text(Map<String, String> entries) throws IOException {
    Properties properties = new Properties();
    properties.putAll(entries);
    StringWriter text = new StringWriter();
    properties.store(text, null);
    // The first line is the time of writing: the same entries shall be the same file.
    return text.toString()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .sorted()
        .reduce("", (all, line) -> all + line + "\n");
  }

  static ShardstreamException unusable(Path file, IOException cause) {
    return new ShardstreamException(ErrorCode.FILE_ERROR, file, describe(cause)).causedBy(cause);
  }

  private static String describe(IOException cause) {
    return cause.getClass().getSimpleName() + " " + cause.getMessage();
  }
}
