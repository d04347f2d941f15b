package dev.shardstream.worker.task;

import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.slice.SliceDownload;
import dev.shardstream.worker.copy.Slice;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Another node as a copy sees it: serves slices of a node's shards. */
final class SliceServer implements AutoCloseable {
  private final Path directory;
  private final Javalin server;
  private volatile TestTasks tasks;

  SliceServer(Path directory) {
    this.directory = directory;
    this.server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.jetty.host = "127.0.0.1";
                  config.jetty.port = 0;
                  config.routes.get(Paths.SLICE_PATTERN, this::answer);
                })
            .start();
  }

  /** Whose shards it serves from now on. */
  void serve(TestTasks next) {
    tasks = next;
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.port();
  }

  private void answer(Context context) throws Exception {
    Path file = directory.resolve("served-" + UUID.randomUUID());
    Slice slice =
        Slice.make(
                tasks.shard(Integer.parseInt(context.pathParam("shard"))).file(),
                Integer.parseInt(context.pathParam("virtualShard")),
                Paths.sliceRange(
                    context.queryParam(Paths.SLICE_FROM), context.queryParam(Paths.SLICE_TO)),
                file)
            .orElseThrow();
    context
        .header(SliceDownload.CHECKSUM_HEADER, Long.toString(slice.checksum()))
        .header(SliceDownload.ROWS_HEADER, Long.toString(slice.rows()))
        .header("Content-Length", Long.toString(slice.bytes()))
        .result(Files.readAllBytes(file));
    Files.delete(file);
  }

  @Override
  public void close() {
    server.stop();
  }
}
