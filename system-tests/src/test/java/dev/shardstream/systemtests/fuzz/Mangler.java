package dev.shardstream.systemtests.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes something wrong of something right. */
final class Mangler {
  /** What programs stumble over, wherever it stands. */
  private static final List<String> NONSENSE =
      List.of(
          "",
          " ",
          "\0",
          "'",
          "\"",
          "`",
          "\\",
          ";",
          "--",
          "/*",
          "%s%n",
          "%zz",
          "../..",
          "null",
          "NaN",
          "-0",
          "1e999",
          "-9223372036854775808",
          "9223372036854775808",
          "99999999999999999999999999999999999999",
          "0x7fffffffffffffffff",
          "2147483648",
          "-1",
          "_updated",
          "_virtualShard",
          "sqlite_master",
          "ünï\u0301",
          "\u202e\u200b\ufeff",
          "\ud83d\ude00",
          "\ud800",
          "İıſK",
          "\u0000\u0001\u001f",
          "a\r\nb: c",
          "{\"a\":[",
          "]]]]",
          "true",
          "[]",
          "{}");

  private final Random random;

  Mangler(Random random) {
    this.random = random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Something that is rarely what was asked for. */
  String nonsense() {
    return chance(0.05) ? oneOf(NONSENSE).repeat(1 + random.nextInt(2_000)) : oneOf(NONSENSE);
  }

  /** A number, more often one at an end of something than not. */
  long number() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextLong();
      case 1 -> Long.MAX_VALUE - random.nextInt(2);
      case 2 -> Long.MIN_VALUE + random.nextInt(2);
      case 3 -> random.nextInt();
      case 4 -> -random.nextInt(3);
      default -> random.nextInt(300);
    };
  }

  /** A number of 32 bits, in the same way. */
  int small() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextBoolean() ? Integer.MAX_VALUE : Integer.MIN_VALUE;
      case 2 -> -random.nextInt(3);
      default -> random.nextInt(300);
    };
  }

  /**
   * A text with some parts of it cut, doubled, swapped or replaced.
   *
   * @param others texts from which a part may come
   */
  String mangled(String text, List<String> others) {
    String result = text;
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int from = random.nextInt(result.length() + 1);
      int to = from + random.nextInt(Math.min(40, result.length() - from) + 1);
      String head = result.substring(0, from);
      String part = result.substring(from, to);
      String tail = result.substring(to);
      result =
          switch (random.nextInt(7)) {
            case 0 -> head + tail;
            case 1 -> head + part + part + tail;
            case 2 -> head + nonsense() + tail;
            case 3 -> head + nonsense() + part + tail;
            case 4 -> head + piece(oneOf(others)) + tail;
            case 5 -> head + new StringBuilder(part).reverse() + tail;
            default -> head + (char) random.nextInt(0x10000) + part + tail;
          };
    }
    return result;
  }

  private String piece(String text) {
    int from = random.nextInt(text.length() + 1);
    return text.substring(from, from + random.nextInt(text.length() - from + 1));
  }

  /** Bytes with some of them cut, flipped, doubled or replaced. */
  byte[] mangled(byte[] bytes) {
    byte[] result = bytes.clone();
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      result = mangledOnce(result);
    }
    return result;
  }

  private byte[] mangledOnce(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    switch (random.nextInt(5)) {
      case 0:
        return Arrays.copyOf(bytes, at);
      case 1:
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8));
        System.arraycopy(bytes, at, more, more.length - bytes.length + at, bytes.length - at);
        return more;
      case 2:
        return Arrays.copyOfRange(bytes, at, bytes.length);
      case 3:
        byte[] blown = bytes.clone();
        // Avro's numbers go on as long as their first bit is set.
        Arrays.fill(blown, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) 0xff);
        return blown;
      default:
        byte[] flipped = bytes.clone();
        if (at < flipped.length) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }
  }
}
