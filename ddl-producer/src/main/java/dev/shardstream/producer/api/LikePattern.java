package dev.shardstream.producer.api;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The pattern of SHOW … LIKE, as SQL's LIKE: % is any text, _ any character, case is ignored. */
final class LikePattern {
  private LikePattern() {}

  static Predicate<String> of(String pattern) {
    String regex = pattern.chars().mapToObj(one -> piece((char) one)).collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL).asMatchPredicate();
  }

  private static String piece(char one) {
    return switch (one) {
      case '%' -> ".*";
      case '_' -> ".";
      default -> Pattern.quote(String.valueOf(one));
    };
  }
}
