package dev.segue.bench;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One result as text, at most 110 columns wide: a line for each contender, the best first, with its
 * median, its smallest and largest sample, how it compares with Segue, and a bar drawn with
 * characters; below, what Segue is to reach.
 */
public final class Table {
  private static final String BOLD = "1";
  private static final String FAINT = "2";
  private static final String RED = "31";
  private static final String GREEN = "32";

  private static final int NAME = 32;
  private static final int MEDIAN = 9;
  private static final int SPREAD = 17;
  private static final int COMPARED = 15;
  private static final int BUSY = 11;
  private static final int DRAWING = 22;

  /** A full block, and those of fewer eighths. */
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

  private final Result result;
  private final boolean coloured;
  private final StringBuilder text = new StringBuilder();

  private Table(Result result, boolean coloured) {
    this.result = result;
    this.coloured = coloured;
  }

  /**
   * Lays a result out.
   *
   * @param result the result
   * @param coloured whether to use the colours of a terminal
   * @return lines, each with its end
   */
  public static String of(Result result, boolean coloured) {
    return new Table(result, coloured).draw();
  }

  private String draw() {
    heading();
    result.ranking().forEach(this::contender);
    result.subject().bars().forEach(this::bar);
    named("no such work", result.unable());
    named("not installed", result.missing());
    named("limited by the load generator", result.limitedByClient());
    result
        .failures()
        .forEach((contender, how) ->
            line("  " + paint(RED, "FAILED") + " " + contender.title() + ": " + how));
    return text.toString();
  }

  private void named(String what, List<Contender> contenders) {
    if (!contenders.isEmpty()) {
      line(
          paint(
              FAINT,
              "  "
                  + what
                  + ": "
                  + contenders.stream().map(Contender::title).collect(Collectors.joining(", "))));
    }
  }

  private void heading() {
    var subject = result.subject();
    var title = subject.title() + ", " + subject.unit();
    line(
        paint(BOLD, left(title, NAME + 2))
            + "  "
            + paint(
                FAINT,
                right("median", MEDIAN)
                    + "  "
                    + right("least–most", SPREAD)
                    + "  "
                    + left("beside Segue", COMPARED)
                    + (result.clientBusy().isEmpty() ? "" : "  " + left("client busy", BUSY))
                    + (subject.lowerIsBetter() ? "  less is better" : "  more is better")));
  }

  private void contender(Contender contender) {
    var measured = Objects.requireNonNull(result.measured().get(contender));
    boolean best = result.best().filter(contender::equals).isPresent();
    var name = left((best ? "* " : "  ") + contender.title(), NAME + 2);
    var busy = result.clientBusy().get(contender);
    line(
        (contender.equals(Contender.SEGUE) ? paint(BOLD, name) : name)
            + "  "
            + right(figure(measured.median()), MEDIAN)
            + "  "
            + paint(FAINT, right(spread(measured), SPREAD))
            + "  "
            + compared(contender)
            + (result.clientBusy().isEmpty()
                ? ""
                : "  " + left(busy == null ? "" : figure(busy.median()) + " %", BUSY))
            + "  "
            + drawn(measured.median()));
  }

  private String compared(Contender contender) {
    var compared = Comparison.of(result, contender);
    var words = left(compared.map(Comparison::toString).orElse(""), COMPARED);
    boolean better = compared.map(Comparison::contenderIsBetter).orElse(false);
    return paint(contender.floor() ? FAINT : better ? RED : GREEN, words);
  }

  private String drawn(double median) {
    double most =
        result.measured().values().stream().mapToDouble(Measurement::median).max().orElseThrow();
    int eighths = most == 0 ? 0 : (int) Math.max(1, Math.round(8 * DRAWING * median / most));
    return "█".repeat(eighths / 8) + (eighths % 8 == 0 ? "" : EIGHTHS.charAt(eighths % 8));
  }

  private void bar(Bar bar) {
    var value = bar.measured(result.measured());
    var name = left("  bar: " + bar.text(), NAME + 2 + 2 + MEDIAN + 2 + SPREAD);
    if (value.isEmpty()) {
      line(name + "  " + paint(FAINT, "not measured"));
      return;
    }
    double reached = value.getAsDouble();
    line(
        name
            + "  "
            + left(figure(reached) + (bar.over() == null ? "" : " ×"), COMPARED)
            + "  "
            + (bar.isMetBy(reached) ? paint(GREEN, "met") : paint(RED, "NOT met")));
  }

  static String spread(Measurement measured) {
    return figure(measured.least()) + "–" + figure(measured.most());
  }

  /** Three digits, or all of those before the point. */
  static String figure(double value) {
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3;
    return value != 0 && value < 0.0005
        ? String.format(Locale.ROOT, "%.1g", value)
        : String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static String left(String words, int width) {
    return words + " ".repeat(Math.max(0, width - words.length()));
  }

  private static String right(String words, int width) {
    return " ".repeat(Math.max(0, width - words.length())) + words;
  }

  private String paint(String colour, String words) {
    return coloured && !words.isBlank() ? "\u001b[" + colour + "m" + words + "\u001b[0m" : words;
  }

  private void line(String words) {
    text.append(words.stripTrailing()).append('\n');
  }
}
