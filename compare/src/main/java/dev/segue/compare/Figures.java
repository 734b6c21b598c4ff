package dev.segue.compare;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** Figures and names as they are read: {@code 231 ms}, {@code 4.3 times}, {@code a thread pool}. */
final class Figures {
  private Figures() {}

  /** A time in nanoseconds, with three digits. */
  static String time(double nanos) {
    double size = Math.abs(nanos);
    if (size == 0) {
      return "0";
    } else if (size >= 120e9) {
      return digits(nanos / 60e9) + " min";
    } else if (size >= 999.5e6) {
      return digits(nanos / 1e9) + " s";
    } else if (size >= 999.5e3) {
      return digits(nanos / 1e6) + " ms";
    } else if (size >= 999.5) {
      return digits(nanos / 1e3) + " µs";
    }
    return digits(nanos) + " ns";
  }

  static String time(long nanos) {
    return time((double) nanos);
  }

  static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** What processes need, in bytes; 0 if they are on other machines. */
  static String memory(double bytes) {
    return bytes == 0 ? "not measured" : bytes(bytes);
  }

  /** An amount of memory in bytes. */
  static String bytes(double bytes) {
    if (bytes >= 999.5e6) {
      return digits(bytes / 1e9) + " GB";
    } else if (bytes >= 999.5e3) {
      return digits(bytes / 1e6) + " MB";
    } else if (bytes >= 999.5) {
      return digits(bytes / 1e3) + " kB";
    }
    return Math.round(bytes) + " bytes";
  }

  /** How many times as much, as {@code 4.3 times}. */
  static String times(double factor) {
    return roughly(factor) + " times";
  }

  /** The same, as {@code 4.3×}. */
  static String factor(double factor) {
    return roughly(factor) + "×";
  }

  static String percent(double part) {
    long rounded = Math.round(100 * part);
    if (rounded == 0 && part > 0) {
      return "less than 1 %";
    }
    return rounded == 100 && part < 1 ? "more than 99 %" : rounded + " %";
  }

  /** With three digits, or all that are before the point. */
  static String number(double value) {
    return value >= 1_000 ? count(value) : digits(value);
  }

  /** How many jobs are submitted in a second, as {@code 100 jobs a second}. */
  static String rate(double rate) {
    if (rate == 0) {
      return "all jobs at once";
    }
    var text = BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    return text + (rate == 1 ? " job a second" : " jobs a second");
  }

  /** As {@code 1 worker} and {@code 8 workers}. */
  static String counted(int count, String what) {
    return count(count) + " " + what + (count == 1 ? "" : "s");
  }

  static String count(double number) {
    return String.format(Locale.ROOT, "%,d", Math.round(number));
  }

  /** From one to the other, as {@code 211 to 250 ms}. */
  static String range(Estimate estimate) {
    var low = time(estimate.low());
    var high = time(estimate.high());
    if (low.equals(high)) {
      return low;
    }
    var unit = high.substring(high.indexOf(' '));
    return (low.endsWith(unit) ? low.substring(0, low.length() - unit.length()) : low)
        + " to "
        + high;
  }

  private static String digits(double value) {
    return rounded(value, 3);
  }

  private static String roughly(double value) {
    return value < 1.995 ? String.format(Locale.ROOT, "%.2f", value) : rounded(value, 2);
  }

  /** With so many digits, but no fewer than before the point. */
  private static String rounded(double value, int digits) {
    double size = Math.abs(value);
    int before = 1;
    while (size >= Math.pow(10, before) - 0.5 * Math.pow(10, before - digits) && before < digits) {
      before++;
    }
    var text = String.format(Locale.ROOT, "%,." + (digits - before) + "f", value);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }

  /** A model in a sentence. */
  static String a(Model model) {
    return switch (model) {
      case THREAD_POOL, PROCESS_POOL, CLUSTER -> "a " + model.title();
      case EVENT_LOOP -> "an " + model.title();
      case SYNC, THREADS, VIRTUAL_THREADS -> model.title();
    };
  }

  /** A verb that belongs to a model. */
  static String verb(Model model, String one, String many) {
    return model == Model.VIRTUAL_THREADS ? many : one;
  }

  /** At the beginning of a sentence. */
  static String begin(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** What to do. */
  static String take(Model model) {
    return model == Model.SYNC ? "run the jobs one after the other" : "take " + a(model);
  }

  /** As {@code a, b and c}. */
  static String list(List<String> items) {
    return items.size() < 2
        ? String.join("", items)
        : String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
  }
}
