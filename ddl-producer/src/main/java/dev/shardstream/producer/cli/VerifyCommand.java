package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.CommandReceipt;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ReshardOperations;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableOperations;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}: compares a table in use with its replicas, or with what its log says. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Compare every shard of a table with its replicas, or with what its log says. The table is"
            + " read and written all the time. Exit status 1 if they differ.")
final class VerifyCommand extends ClientCommand {
  @Parameters(paramLabel = "T", description = "The table.")
  private String table = "";

  @Option(
      names = "--against-log",
      description = "Rebuild every shard from the log, beside it, and compare the two.")
  private boolean againstLog;

  @Override
  int run() {
    QualifiedName name = QualifiedName.parse(table);
    Map<String, String> settings = settings();
    if (name.database() != null) {
      // A reshard is found again in the client's own database.
      settings.put(ClientConfig.DATABASE, name.database());
    }
    try (Shardstream shardstream = Shardstream.connect(settings)) {
      TableOperations tables = shardstream.tables();
      CommandReceipt begun =
          againstLog ? tables.verifyAgainstLog(name.name()) : tables.verify(name.name());
      String id = begun.changeLogId();
      if (id == null) {
        throw new ShardstreamException(ErrorCode.INTERNAL, "a verify was accepted without an id");
      }
      compare(shardstream, id);
    }
    return OK;
  }

  private void compare(Shardstream shardstream, String id) {
    ReshardOperations reshards = shardstream.reshards();
    ReshardInfo begun =
        reshards
            .find(id)
            .orElseThrow(() -> new ShardstreamException(ErrorCode.RESHARD_NOT_FOUND, id));
    WatchOption.followToEnd(shardstream, begun, out());
    ReshardInfo ended = reshards.find(id).orElse(begun);
    out()
        .printf(
            "%d virtual shards of table '%s' in %d shards are %s%n",
            ended.digestsCompared(),
            ended.tableName(),
            ended.sourceShards(),
            againstLog ? "as their log says" : "the same in their replicas");
  }
}
