package dev.shardstream.worker.http;

import dev.shardstream.schemas.http.SnapshotsSeen;
import dev.shardstream.worker.snapshot.SnapshotPlace;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/** Says which snapshots this node could begin shards with. */
final class SnapshotsEndpoint {
  private final Optional<SnapshotPlace> place;

  SnapshotsEndpoint(Optional<SnapshotPlace> place) {
    this.place = place;
  }

  void handle(Context context) {
    String tableId = context.pathParam("table");
    context.json(
        place
            .map(
                snapshots ->
                    new SnapshotsSeen(
                        snapshots.place(),
                        snapshots.of(tableId).stream().map(s -> s.manifest().name()).toList()))
            .orElse(new SnapshotsSeen(null, List.of())));
  }
}
