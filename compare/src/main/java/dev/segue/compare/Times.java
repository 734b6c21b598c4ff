package dev.segue.compare;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Lengths of time as people write them: {@code 500us}, {@code 20ms}, {@code 1.5s}, {@code 2m}. */
final class Times {
  private static final Pattern TIME = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(ns|us|µs|ms|s|m)");

  private Times() {}

  static Duration parse(String text) {
    var matcher = TIME.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time such as 500us, 20ms or 1.5s");
    }
    long unit =
        switch (matcher.group(2)) {
          case "ns" -> 1;
          case "us", "µs" -> 1_000;
          case "ms" -> 1_000_000;
          case "s" -> 1_000_000_000;
          default -> 60_000_000_000L;
        };
    return Duration.ofNanos(
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValue());
  }

  /** In the largest unit that leaves at most three digits behind the point. */
  static String text(Duration time) {
    long nanos = time.toNanos();
    if (nanos % 1_000_000 == 0 && nanos >= 1_000_000_000) {
      return decimal(nanos, 9) + "s";
    } else if (nanos % 1_000 == 0 && nanos >= 1_000_000) {
      return decimal(nanos, 6) + "ms";
    } else if (nanos >= 1_000) {
      return decimal(nanos, 3) + "us";
    }
    return nanos + "ns";
  }

  private static String decimal(long nanos, int places) {
    return BigDecimal.valueOf(nanos, places).stripTrailingZeros().toPlainString();
  }
}
