package dev.shardstream.systemtests.faults;

import java.util.Locale;

/** Where a reshard is when a process is killed. */
enum KilledMoment {
  QUEUED("queued"),
  COPYING("copying"),
  REPLAYING("replaying"),
  VERIFYING("verifying"),
  /** The targets serve; the sources are kept. */
  SWITCHING("switching"),
  /** The files of the sources are being deleted. */
  DROPPING_SOURCES("switching"),
  /** The sources serve again; the targets are kept. */
  ROLLED_BACK("switching");

  private final String status;

  KilledMoment(String status) {
    this.status = status;
  }

  /** What the reshard says of itself then. */
  String status() {
    return status;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
