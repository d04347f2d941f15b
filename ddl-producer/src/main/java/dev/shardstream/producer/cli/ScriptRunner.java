package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.PrintWriter;
import java.util.function.Consumer;
import java.util.function.Function;

/** Executes the statements of a script one after the other and prints each answer. */
final class ScriptRunner {
  private final Function<String, Result> executor;
  private final Consumer<String> follower;
  private final OutputFormat format;
  private final PrintWriter out;

  /**
   * @param executor executes one statement, as {@link
   *     dev.shardstream.producer.api.Shardstream#execute(String, Object...)} does
   * @param follower prints what a SUBSCRIBE has to say, until it ends
   */
  ScriptRunner(
      Function<String, Result> executor,
      Consumer<String> follower,
      OutputFormat format,
      PrintWriter out) {
    this.executor = executor;
    this.follower = follower;
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
      execute(script, statement);
      out.flush();
    }
  }

  private void execute(Script script, Script.Piece statement) {
    try {
      if (SqlParser.parse(statement.sql()) instanceof Statement.Subscribe) {
        follower.accept(statement.sql());
      } else {
        Result result = executor.apply(statement.sql());
        out.print(format.text(result.columns(), result.rows()));
      }
    } catch (ShardstreamException e) {
      throw script.located(e, statement);
    }
  }
}
