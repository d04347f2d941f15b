package dev.shardstream.streams.view;

import java.util.Locale;

/** How values of enums are written: as in SQL's reports. */
final class Words {
  private Words() {}

  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
