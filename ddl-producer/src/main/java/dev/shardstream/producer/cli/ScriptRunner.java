package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Result;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.PrintWriter;
import java.util.function.Function;

/** Executes the statements of a script one after the other and prints each answer. */
final class ScriptRunner {
  private final Function<String, Result> executor;
  private final OutputFormat format;
  private final PrintWriter out;

  /**
   * @param executor executes one statement, as {@link
   *     dev.shardstream.producer.api.Shardstream#execute(String, Object...)} does
   */
  ScriptRunner(Function<String, Result> executor, OutputFormat format, PrintWriter out) {
    this.executor = executor;
    this.format = format;
    this.out = out;
  }

  /**
   * @throws ShardstreamException of the first statement that fails, after which none is executed; a
   *     syntax error says its line and column in the script
   */
  void run(String text) {
    Script script = Script.of(text);
    for (Script.Piece statement : script.statements()) {
      Result result = execute(script, statement);
      out.print(format.text(result.columns(), result.rows()));
      out.flush();
    }
  }

  private Result execute(Script script, Script.Piece statement) {
    try {
      return executor.apply(statement.sql());
    } catch (ShardstreamException e) {
      throw script.located(e, statement);
    }
  }
}
