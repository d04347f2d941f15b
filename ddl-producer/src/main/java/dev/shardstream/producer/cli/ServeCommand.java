package dev.shardstream.producer.cli;

import dev.shardstream.producer.gateway.Gateway;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** {@code serve}: executes statements that come over HTTP, until it is told to end. */
@Command(
    name = ServeCommand.NAME,
    mixinStandardHelpOptions = true,
    description =
        "Execute SQL that comes over HTTP, POST /v1/sql, until SIGTERM or Ctrl-C. http.host,"
            + " http.port and who may call are settings: docs/configuration.md.")
final class ServeCommand extends ClientCommand {
  static final String NAME = "serve";

  @Override
  int run() {
    Gateway gateway = Gateway.start(settings());
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  gateway.close();
                  ended.countDown();
                },
                "gateway-stop"));
    out().println("Serving SQL at " + gateway.url() + "/v1/sql");
    out().flush();
    try {
      ended.await();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      gateway.close();
    }
    return OK;
  }
}
