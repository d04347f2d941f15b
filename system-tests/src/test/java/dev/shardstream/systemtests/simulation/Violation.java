package dev.shardstream.systemtests.simulation;

/** Something that must hold does not. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String invariant, String what) {
    super(invariant + ": " + what);
  }
}
