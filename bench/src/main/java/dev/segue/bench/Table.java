package dev.segue.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Results as text for people: a median with the smallest and the largest sample below it, a star
 * before the best of a row, the bars at the end.
 */
public final class Table {
  private static final String BOLD = "1";
  private static final String FAINT = "2";
  private static final String RED = "31";
  private static final String GREEN = "32";

  private final boolean coloured;
  private final List<List<Cell>> rows = new ArrayList<>();

  private record Cell(String text, boolean left, String colour) {
    static final Cell EMPTY = new Cell("", true, "");
  }

  private Table(boolean coloured) {
    this.coloured = coloured;
  }

  /**
   * Lays results out.
   *
   * @param results the results
   * @param coloured whether to use the colours of a terminal
   * @return lines, each with its end
   */
  public static String of(List<Result> results, boolean coloured) {
    var contenders =
        Arrays.stream(Contender.values())
            .filter(one -> results.stream().anyMatch(result -> result.measured().containsKey(one)))
            .toList();
    var table = new Table(coloured);
    table.addHeading(contenders);
    results.forEach(result -> table.add(result, contenders));
    return table.text();
  }

  private void addHeading(List<Contender> contenders) {
    var row = new ArrayList<Cell>();
    row.add(new Cell("median, least–most", true, FAINT));
    contenders.forEach(contender -> row.add(new Cell(contender.title(), false, "")));
    row.add(new Cell("bar", true, ""));
    row.add(new Cell("reached", false, ""));
    row.add(Cell.EMPTY);
    rows.add(row);
  }

  private void add(Result result, List<Contender> contenders) {
    var bars = result.bars();
    for (int line = 0; line < Math.max(2, bars.size()); line++) {
      var row = new ArrayList<Cell>();
      row.add(line == 0 ? new Cell(result.title() + ", " + result.unit(), true, "") : Cell.EMPTY);
      for (var contender : contenders) {
        row.add(figures(result, contender, line));
      }
      if (line < bars.size()) {
        addBar(row, bars.get(line), result);
      }
      rows.add(row);
    }
  }

  private static Cell figures(Result result, Contender contender, int line) {
    var measured = result.measured().get(contender);
    if (measured == null || line > 1) {
      return Cell.EMPTY;
    }
    if (line == 1) {
      return new Cell(figure(measured.least()) + "–" + figure(measured.most()), false, FAINT);
    }
    var median = figure(measured.median());
    return result.best().filter(contender::equals).isPresent()
        ? new Cell("* " + median, false, BOLD)
        : new Cell(median, false, "");
  }

  private static void addBar(List<Cell> row, Bar bar, Result result) {
    var value = bar.measured(result.measured());
    row.add(new Cell(bar.text(), true, ""));
    if (value.isEmpty()) {
      row.add(new Cell("not measured", false, FAINT));
      return;
    }
    double measured = value.getAsDouble();
    row.add(new Cell(figure(measured) + (bar.over() == null ? "" : " ×"), false, ""));
    row.add(bar.isMetBy(measured) ? new Cell("met", true, GREEN) : new Cell("NOT met", true, RED));
  }

  /** Three digits, or all of those before the point. */
  static String figure(double value) {
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3;
    return value != 0 && value < 0.0005
        ? String.format(Locale.ROOT, "%.1g", value)
        : String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private String text() {
    int columns = rows.getFirst().size();
    var widths = new int[columns];
    for (var row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).text().length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  private String line(List<Cell> row, int[] widths) {
    var line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      var cell = row.get(column);
      var padding = " ".repeat(widths[column] - cell.text().length());
      line.append(column == 0 ? "" : "  ");
      line.append(cell.left() ? "" : padding)
          .append(paint(cell))
          .append(cell.left() ? padding : "");
    }
    return line.toString().stripTrailing() + "\n";
  }

  private String paint(Cell cell) {
    return coloured && !cell.colour().isEmpty() && !cell.text().isEmpty()
        ? "\u001b[" + cell.colour() + "m" + cell.text() + "\u001b[0m"
        : cell.text();
  }
}
