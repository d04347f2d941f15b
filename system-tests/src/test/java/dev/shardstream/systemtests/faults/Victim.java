package dev.shardstream.systemtests.faults;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.JavaProcess;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A kind of process that is killed while a reshard runs. */
enum Victim {
  /** The first node: it has sources and targets. */
  WORKER(EnumSet.range(KilledMoment.QUEUED, KilledMoment.DROPPING_SOURCES)),
  STREAMS_APP(EnumSet.range(KilledMoment.QUEUED, KilledMoment.DROPPING_SOURCES)),
  /** The only one. */
  BROKER(EnumSet.of(KilledMoment.COPYING, KilledMoment.VERIFYING));

  private static final Set<ErrorCode> AWAY =
      EnumSet.of(
          ErrorCode.SHARD_UNREACHABLE, ErrorCode.READ_TOO_STALE, ErrorCode.KAFKA_UNREACHABLE);

  private final Set<KilledMoment> moments;

  Victim(Set<KilledMoment> moments) {
    this.moments = moments;
  }

  /** When it is killed in a reshard that is to complete. */
  Set<KilledMoment> moments() {
    return EnumSet.copyOf(moments);
  }

  JavaProcess in(Cluster cluster) {
    return switch (this) {
      case WORKER -> cluster.worker(1);
      case STREAMS_APP -> cluster.streams();
      case BROKER -> cluster.broker();
    };
  }

  /** Whether a read may fail in this way: nobody reads through the control plane. */
  boolean excuses(RuntimeException failure) {
    return this != STREAMS_APP
        && failure instanceof ShardstreamException known
        && AWAY.contains(known.code());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
