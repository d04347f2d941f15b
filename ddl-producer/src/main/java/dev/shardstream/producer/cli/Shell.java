package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableInfo;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A shell: statements over as many lines as they need, history, errors that end nothing. */
final class Shell {
  private static final Path HISTORY =
      Path.of(System.getProperty("user.home", ".")).resolve(".shardstream_history");
  private static final Set<String> LEAVE = Set.of("exit", "quit", "\\q", ".exit", ".quit");
  private static final Set<String> HELP = Set.of("help", "\\h", ".help", "?");
  private static final List<String> WORDS =
      List.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP BY",
          "ORDER BY",
          "LIMIT",
          "INSERT INTO",
          "VALUES",
          "UPSERT INTO",
          "UPDATE",
          "SET",
          "DELETE FROM",
          "CREATE TABLE",
          "ALTER TABLE",
          "ADD COLUMN",
          "DROP COLUMN",
          "RENAME COLUMN",
          "RENAME TO",
          "CREATE INDEX",
          "CREATE UNIQUE INDEX",
          "DROP INDEX",
          "DROP TABLE",
          "COMMENT ON TABLE",
          "COMMENT ON COLUMN",
          "CREATE NAMESPACE",
          "SUBSCRIBE TO SELECT",
          "KILL LIVE QUERY",
          "SHOW TABLES;",
          "SHOW NAMESPACES;",
          "SHOW INDEXES FROM",
          "SHOW DDL;",
          "SHOW PENDING DDL;",
          "SHOW LIVE QUERIES;",
          "SHOW RESHARDS;",
          "SHOW RESHARD",
          "SHOW SHARDS FROM",
          "SHOW NODES;",
          "DESCRIBE",
          "PRAGMA reshardTable(",
          "EXPLAIN PRAGMA reshardTable(",
          "PRAGMA pauseReshard(",
          "PRAGMA resumeReshard(",
          "PRAGMA throttleReshard(",
          "PRAGMA switchReshard(",
          "PRAGMA cancelReshard(",
          "PRAGMA rollbackReshard(",
          "PRAGMA completeReshard(",
          "PRAGMA retryReshard(",
          "MOVE SHARD",
          "DRAIN NODE",
          "UNDRAIN NODE",
          "REBALANCE",
          "VERIFY TABLE");

  private final Shardstream shardstream;
  private final Runners runners;
  private final Consumer<RuntimeException> errors;

  /** Makes what executes statements and prints. */
  interface Runners {
    /**
     * @param stops tells of Ctrl-C
     */
    ScriptRunner of(Shardstream shardstream, PrintWriter out, Stops stops);
  }

  /**
   * @param runners makes what executes and prints to the terminal
   * @param errors prints an error
   */
  Shell(Shardstream shardstream, Runners runners, Consumer<RuntimeException> errors) {
    this.shardstream = shardstream;
    this.runners = runners;
    this.errors = errors;
  }

  /** Reads and executes until the user leaves. */
  void run() {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      PrintWriter out = terminal.writer();
      ScriptRunner runner = runners.of(shardstream, out, stop -> atInterrupt(terminal, stop));
      LineReader reader = reader(terminal);
      out.println("Statements end with ';'. 'help' says what there is, 'exit' leaves.");
      while (execute(reader, runner, out)) {
        out.flush();
      }
    } catch (IOException e) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, "terminal", e.getMessage()).causedBy(e);
    }
  }

  private static Stops.Registration atInterrupt(Terminal terminal, Runnable stop) {
    Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, signal -> stop.run());
    return () -> terminal.handle(Terminal.Signal.INT, before);
  }

  private LineReader reader(Terminal terminal) {
    return LineReaderBuilder.builder()
        .terminal(terminal)
        .appName("shardstream")
        .parser(new StatementParser())
        .completer(new StringsCompleter(this::words))
        .variable(LineReader.HISTORY_FILE, HISTORY)
        .variable(LineReader.SECONDARY_PROMPT_PATTERN, "         -> ")
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
        .build();
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(WORDS);
    shardstream.tables().listTables().stream().map(TableInfo::name).forEach(words::add);
    return words;
  }

  /** One input; false when the user leaves. */
  private boolean execute(LineReader reader, ScriptRunner runner, PrintWriter out) {
    String input;
    try {
      input = reader.readLine("shardstream> ");
    } catch (UserInterruptException dropped) {
      return true;
    } catch (EndOfFileException left) {
      return false;
    }
    String word = word(input);
    if (LEAVE.contains(word)) {
      return false;
    }
    if (HELP.contains(word)) {
      out.println(help());
    } else if (!SqlParser.isBlank(input)) {
      execute(input, runner, out);
    }
    return true;
  }

  private void execute(String input, ScriptRunner runner, PrintWriter out) {
    long begin = System.nanoTime();
    try {
      runner.run(input);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      out.printf(Locale.ROOT, "%.3f s%n", took.toMillis() / 1000.0);
    } catch (RuntimeException e) {
      out.flush();
      errors.accept(e);
    }
  }

  /** The input as a word of the shell's own. */
  private static String word(String input) {
    return input.strip().replaceFirst("\\s*;$", "").toLowerCase(Locale.ROOT);
  }

  /** Whether what was typed can be executed, or is a word of the shell's own. */
  static boolean isComplete(String input) {
    String word = word(input);
    return LEAVE.contains(word)
        || HELP.contains(word)
        || SqlParser.isComplete(input)
        || SqlParser.isBlank(input);
  }

  private static String help() {
    return """
        CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT) WITH (SHARDS=4);
        INSERT, UPSERT, UPDATE, DELETE, SELECT as in SQLite
        ALTER TABLE t ADD COLUMN note TEXT;   CREATE INDEX i ON t (name);
        SUBSCRIBE TO SELECT id, name FROM t;   (Ctrl-C ends it)
        SHOW TABLES;   DESCRIBE t;   DESCRIBE t HISTORY;   SHOW DDL;   SELECT * FROM TABLE_STATS('t');
        PRAGMA reshardTable('t', 8);   SHOW RESHARDS;   SHOW RESHARD id;   SHOW SHARDS FROM t;
        SHOW NODES;   MOVE SHARD t 0 TO node;   DRAIN NODE node;   REBALANCE;
        ALTER TABLE t SET REPLICAS 2;   VERIFY TABLE t;   VERIFY TABLE t AGAINST LOG;
        DROP TABLE t;
        exit""";
  }

  /** Takes lines until a statement is whole. */
  private static final class StatementParser extends DefaultParser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && !isComplete(line)) {
        throw new EOFError(-1, -1, "the statement goes on");
      }
      return super.parse(line, cursor, ParseContext.COMPLETE);
    }
  }
}
