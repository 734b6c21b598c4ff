package dev.segue.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Where a figure is on an axis, as a part of its width: from 0 on, or by logarithms if the figures
 * are far apart.
 *
 * @param logarithmic whether it is by logarithms
 * @param from the figure at the left end
 * @param to the figure at the right end
 */
record Scale(boolean logarithmic, double from, double to) {
  private static final double FAR_APART = 20;

  /** One for some figures, of which those that are not positive do not count. */
  static Scale of(List<Double> figures) {
    var positive = figures.stream().mapToDouble(Double::doubleValue).filter(each -> each > 0);
    var all = positive.summaryStatistics();
    if (all.getCount() == 0) {
      return new Scale(false, 0, 1);
    }
    return all.getMax() > FAR_APART * all.getMin()
        ? new Scale(true, decade(all.getMin() * 0.9), all.getMax() * 1.3)
        : new Scale(false, 0, all.getMax() * 1.05);
  }

  private static double decade(double figure) {
    return Math.pow(10, Math.floor(Math.log10(figure)));
  }

  /** 0 to 1. */
  double part(double figure) {
    double part =
        logarithmic
            ? Math.log(Math.max(figure, from) / from) / Math.log(to / from)
            : (figure - from) / (to - from);
    return Math.clamp(part, 0, 1);
  }

  /** Round figures along the axis. */
  List<Double> ticks() {
    if (logarithmic) {
      return Stream.iterate(from, tick -> tick <= to, tick -> tick * 10).toList();
    }
    double step = decade(to / 2);
    double chosen =
        DoubleStream.of(1, 2, 2.5, 5)
            .map(each -> each * step)
            .filter(each -> to / each <= 4.5)
            .findFirst()
            .orElse(5 * step);
    return Stream.iterate(0.0, tick -> tick <= to, tick -> tick + chosen).toList();
  }

  /** What the reader has to know of it; empty if nothing. */
  String note() {
    return logarithmic ? "Each line is ten times the one to its left." : "";
  }

  /** The marks below a chart, as lines of SVG whose positions are percents. */
  String axis(DoubleFunction<String> text) {
    var svg = new StringBuilder();
    for (var tick : ticks()) {
      double part = part(tick);
      var anchor = part < 0.03 ? "start" : part > 0.94 ? "end" : "middle";
      svg.append("<text class=\"tick ")
          .append(anchor)
          .append("\" x=\"")
          .append(percent(part))
          .append("\" y=\"12\">")
          .append(Html.text(tick == 0 ? "0" : text.apply(tick)))
          .append("</text>");
    }
    return svg.toString();
  }

  /** A part as SVG has it. */
  static String percent(double part) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * part);
  }
}
