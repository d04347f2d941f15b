package dev.shardstream.producer.cli;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** Shows a text anew again and again, until a person has seen enough. */
sealed interface LiveScreen {
  /**
   * Returns when a person says q or Ctrl-C.
   *
   * @param text made anew each time, its last line ended
   */
  void show(Supplier<String> text);

  /** A screen if a person sits at a terminal, otherwise one text after the other. */
  static LiveScreen on(PrintWriter out, Duration every) {
    return Terminals.isInput() && Terminals.isOutput() ? new Drawn(every) : new Listed(out, every);
  }

  /** The whole screen of a terminal, drawn again in place; what was there before comes back. */
  final class Drawn implements LiveScreen {
    private final Duration every;

    Drawn(Duration every) {
      this.every = every;
    }

    @Override
    public void show(Supplier<String> text) {
      try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
        show(terminal, text);
      } catch (IOException e) {
        throw new ShardstreamException(ErrorCode.FILE_ERROR, "terminal", e.getMessage())
            .causedBy(e);
      }
    }

    void show(Terminal terminal, Supplier<String> text) throws IOException {
      AtomicBoolean enough = new AtomicBoolean();
      Terminal.SignalHandler before =
          terminal.handle(Terminal.Signal.INT, signal -> enough.set(true));
      Attributes attributes = terminal.enterRawMode();
      terminal.puts(Capability.enter_ca_mode);
      terminal.puts(Capability.cursor_invisible);
      try {
        while (!enough.get()) {
          draw(terminal, text.get());
          enough.compareAndSet(false, isEnough(terminal));
        }
      } finally {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.exit_ca_mode);
        terminal.setAttributes(attributes);
        terminal.handle(Terminal.Signal.INT, before);
        terminal.flush();
      }
    }

    /** Waits for a key as long as the text is good. */
    private boolean isEnough(Terminal terminal) throws IOException {
      long deadline = System.nanoTime() + every.toNanos();
      for (long left = every.toMillis();
          left > 0;
          left = (deadline - System.nanoTime()) / 1_000_000) {
        int key = terminal.reader().read(left);
        if (key == 'q' || key == 'Q' || key == NonBlockingReader.EOF) {
          return true;
        }
      }
      return false;
    }

    /** Lines that do not fit are cut off, so that nothing scrolls. */
    private static void draw(Terminal terminal, String text) {
      int width = terminal.getWidth() > 0 ? terminal.getWidth() : Integer.MAX_VALUE;
      int height = terminal.getHeight() > 0 ? terminal.getHeight() : Integer.MAX_VALUE;
      terminal.puts(Capability.clear_screen);
      text.lines()
          .limit(height - 1L)
          .forEach(
              line ->
                  terminal
                      .writer()
                      .print(new AttributedString(line).columnSubSequence(0, width) + "\r\n"));
      terminal.flush();
    }
  }

  /** Where nobody sits. */
  final class Listed implements LiveScreen {
    private final PrintWriter out;
    private final Duration every;

    Listed(PrintWriter out, Duration every) {
      this.out = out;
      this.every = every;
    }

    @Override
    public void show(Supplier<String> text) {
      try {
        while (!out.checkError()) {
          out.print(text.get());
          out.flush();
          Thread.sleep(every.toMillis());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
