package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of the control plane's state. Every database is kept by one process; only that
 * one can answer for it. All methods throw STATE_UNAVAILABLE while the state is restored or handed
 * over to another process.
 */
public interface ClusterState {
  /** Where the process is that keeps a database; empty when it is this one. */
  Optional<URI> keptElsewhere(String database);

  /** The other processes of the control plane. */
  List<URI> others();

  /** Names of the databases that this process keeps, in order; {@code default} may be missing. */
  List<String> databases();

  /** Whether a database that is kept here exists. */
  boolean exists(String database);

  /** The tables of a database that is kept here, by table id. */
  List<Table> tables(String database);

  /** The topologies of a database that is kept here, by table id. */
  List<Topology> topologies(String database);

  /** The reshards of a database that is kept here: running ones, and some that have ended. */
  List<Reshard> reshards(String database);

  /** The last result of every command of a database that is kept here. */
  List<DdlResult> results(String database);

  /** The last result of one command of a database that is kept here. */
  Optional<DdlResult> result(String database, String commandId);

  /** The nodes as this process has observed them; known to every process. */
  Cluster nodes();
}
