package dev.shardstream.producer.cli;

import java.io.IOException;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** Whether a person sits at the other end of a stream. */
final class Terminals {
  private Terminals() {}

  static boolean isInput() {
    return isTerminal(SystemStream.Input);
  }

  static boolean isOutput() {
    return isTerminal(SystemStream.Output);
  }

  static boolean isError() {
    return isTerminal(SystemStream.Error);
  }

  private static boolean isTerminal(SystemStream stream) {
    try {
      return TerminalProvider.load("jni").isSystemStream(stream);
    } catch (IOException | LinkageError noNativeLibrary) {
      // Java's own answer is about input and output together: never wrong with a yes.
      return System.console() != null;
    }
  }
}
