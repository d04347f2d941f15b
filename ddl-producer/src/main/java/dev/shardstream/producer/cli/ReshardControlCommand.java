package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.sql.ReshardVerb;
import dev.shardstream.producer.sql.Statement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands that steer a reshard and say in a line what has become of it. */
abstract class ReshardControlCommand extends ClientCommand {
  private static final int MESSAGE = 3;

  @Parameters(index = "0", paramLabel = "ID", description = "Its change_log_id: 'reshard list'.")
  private String id = "";

  /** What is asked of the reshard of that id. */
  abstract Statement statement(String id);

  @Override
  final int run() {
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      out().println(shardstream.execute(statement(id)).rows().get(0).get(MESSAGE));
    }
    return OK;
  }

  /** A verb that needs nothing but the reshard. */
  private abstract static class OfVerb extends ReshardControlCommand {
    private final ReshardVerb verb;

    OfVerb(ReshardVerb verb) {
      this.verb = verb;
    }

    @Override
    final Statement statement(String id) {
      return new Statement.ControlReshard(null, id, verb);
    }
  }

  /** {@code reshard pause}. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Have a reshard copy nothing and stay in its phase; its shards go on applying.")
  static final class Pause extends OfVerb {
    Pause() {
      super(ReshardVerb.PAUSE);
    }
  }

  /** {@code reshard resume}. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Have a paused reshard go on.")
  static final class Resume extends OfVerb {
    Resume() {
      super(ReshardVerb.RESUME);
    }
  }

  /** {@code reshard switch}. */
  @Command(
      name = "switch",
      mixinStandardHelpOptions = true,
      description = "Have a reshard with --manual-cutover switch, after one more whole verify.")
  static final class Switch extends OfVerb {
    Switch() {
      super(ReshardVerb.SWITCH);
    }
  }

  /** {@code reshard cancel}. */
  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "End a reshard before its switch; the table stays as it is.")
  static final class Cancel extends OfVerb {
    Cancel() {
      super(ReshardVerb.CANCEL);
    }
  }

  /** {@code reshard rollback}. */
  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "Give a table that was switched back to its old shards, while they are there.")
  static final class Rollback extends OfVerb {
    Rollback() {
      super(ReshardVerb.ROLLBACK);
    }
  }

  /** {@code reshard complete}. */
  @Command(
      name = "complete",
      mixinStandardHelpOptions = true,
      description = "End the grace period after a switch or a rollback.")
  static final class Complete extends OfVerb {
    Complete() {
      super(ReshardVerb.COMPLETE);
    }
  }
}
