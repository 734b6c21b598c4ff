package dev.segue.compare;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeMap;

/** What was compared, in a line: the heads of pages and pictures. */
final class Headline {
  private Headline() {}

  /** The workload, without its package. */
  static String title(Report report) {
    var name = report.workload();
    return name.matches("[\\w.$]+")
        ? name.substring(name.lastIndexOf('.') + 1).replace('$', '.')
        : name;
  }

  /** What it was told, as {@code jobs = 100 · length = 20ms · 8 workers}. */
  static String conditions(Report report) {
    var all = new ArrayList<String>();
    var swept = report.points().isEmpty() ? null : report.points().getFirst().swept();
    new TreeMap<>(report.parameters())
        .forEach((name, value) -> {
          if (!name.equals(swept)) {
            all.add(name + " = " + value);
          }
        });
    if (!"workers".equals(swept)) {
      all.add(Figures.counted(report.workers(), "worker"));
    }
    if (report.rate() > 0) {
      all.add(Figures.rate(report.rate()));
    }
    return String.join(" · ", all);
  }

  /** The same for one point. */
  static String conditions(Facts facts) {
    var point = facts.point();
    var common = conditions(facts.report());
    return point.swept() == null ? common : at(facts) + " · " + common;
  }

  static String at(Facts facts) {
    return facts.point().swept() + " = " + facts.point().value();
  }

  /** The conditions, when it began, and where. */
  static String facts(Report report) {
    var at =
        DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm", Locale.ENGLISH)
            .withZone(ZoneId.systemDefault())
            .format(report.at());
    return conditions(report) + " · " + at + " · " + Baseline.text(report.machine());
  }
}
