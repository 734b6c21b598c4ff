package dev.segue.cli;

import dev.segue.compare.Plan.Sweep;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A parameter with its values: {@code jobs=1,2,4} or {@code length=1ms..1s}. A range is doubled
 * from its beginning to its end, or, where that would be too many values, it goes in steps of 3 and
 * 10, or of 10.
 */
final class SweepOption implements ITypeConverter<Sweep> {
  private static final int MOST = 8;

  private static final Pattern SWEEP = Pattern.compile("([\\w.-]+)=(.+)");
  private static final Pattern RANGE = Pattern.compile("([^.].*?)\\.\\.(.+)");
  private static final Pattern VALUE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|ms|s|m|)");

  /** How many nanoseconds a unit has, the largest first. A number has none. */
  private enum Unit {
    M("60000000000"),
    S("1000000000"),
    MS("1000000"),
    US("1000"),
    NS("1");

    private final BigDecimal nanos;

    Unit(String nanos) {
      this.nanos = new BigDecimal(nanos);
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Sweep convert(String text) {
    var sweep = SWEEP.matcher(text);
    if (!sweep.matches()) {
      throw new TypeConversionException("'" + text + "' is not as jobs=1,2,4 or length=1ms..1s");
    }
    var range = RANGE.matcher(sweep.group(2));
    var values =
        range.matches()
            ? range(range.group(1), range.group(2))
            : Stream.of(sweep.group(2).split(",")).map(String::strip).toList();
    if (values.contains("")) {
      throw new TypeConversionException("'" + text + "' has an empty value");
    }
    return new Sweep(sweep.group(1), values);
  }

  private static List<String> range(String from, String to) {
    var first = value(from);
    var last = value(to);
    if (first.group(2).isEmpty() != last.group(2).isEmpty()) {
      throw new TypeConversionException(
          "of the range '" + from + ".." + to + "' only one end has a unit");
    }
    boolean timed = !first.group(2).isEmpty();
    var begin = number(first);
    var end = number(last);
    if (begin.signum() == 0 || begin.compareTo(end) >= 0) {
      throw new TypeConversionException(
          "the range '" + from + ".." + to + "' must begin above 0 and end higher");
    }
    return Stream.of(List.of(2), List.of(3, 10), List.of(10))
        .map(steps -> values(begin, end, steps))
        .filter(values -> values.size() <= MOST)
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "the range '" + from + ".." + to + "' is too wide; name the values instead"))
        .stream()
        .map(value -> timed ? time(value) : plain(value))
        .toList();
  }

  private static Matcher value(String text) {
    var value = VALUE.matcher(text.strip());
    if (!value.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is neither a number nor a time such as 500us, 20ms or 1.5s");
    }
    return value;
  }

  private static BigDecimal number(Matcher value) {
    var number = new BigDecimal(value.group(1));
    var unit = value.group(2);
    return unit.isEmpty()
        ? number
        : number.multiply(Unit.valueOf(unit.toUpperCase(Locale.ROOT)).nanos);
  }

  /** From the beginning in these steps, each of which multiplies it, round after round. */
  private static List<BigDecimal> values(BigDecimal begin, BigDecimal end, List<Integer> steps) {
    var values = new ArrayList<BigDecimal>();
    for (var round = begin; ; round = round.multiply(BigDecimal.valueOf(steps.getLast()))) {
      values.add(round);
      for (int step : steps) {
        var value = round.multiply(BigDecimal.valueOf(step));
        if (value.compareTo(end) >= 0) {
          values.add(end);
          return values;
        } else if (step != steps.getLast()) {
          values.add(value);
        }
      }
    }
  }

  /** In the largest unit in which it is at least 1. */
  private static String time(BigDecimal nanos) {
    for (var unit : List.of(Unit.S, Unit.MS, Unit.US)) {
      if (nanos.compareTo(unit.nanos) >= 0) {
        return plain(nanos.divide(unit.nanos, MathContext.DECIMAL64)) + unit.text();
      }
    }
    return plain(nanos) + "ns";
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
