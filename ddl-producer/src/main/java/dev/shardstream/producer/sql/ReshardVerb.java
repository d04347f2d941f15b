package dev.shardstream.producer.sql;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an operator can ask of a reshard, each by a PRAGMA of its own. */
public enum ReshardVerb {
  PAUSE,
  RESUME,
  SWITCH,
  CANCEL,
  ROLLBACK,
  COMPLETE,
  RETRY;

  /** The name of its PRAGMA, like {@code pauseReshard}. */
  public String pragma() {
    return name().toLowerCase(Locale.ROOT) + "Reshard";
  }

  static Optional<ReshardVerb> ofPragma(String name) {
    return Arrays.stream(values()).filter(verb -> verb.pragma().equalsIgnoreCase(name)).findFirst();
  }
}
