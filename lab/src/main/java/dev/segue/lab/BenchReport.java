package dev.segue.lab;

import dev.segue.bench.Bar;
import dev.segue.bench.Contender;
import dev.segue.bench.Measurement;
import dev.segue.bench.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a benchmark measured, as one JSON document. */
final class BenchReport {
  private BenchReport() {}

  /** Describes results and how they came to be. */
  static String of(List<Result> results, Map<String, Object> run) {
    var report = new LinkedHashMap<String, Object>();
    report.put("met", results.stream().allMatch(Result::meetsBars));
    report.put("run", run);
    report.put("results", results.stream().map(BenchReport::result).toList());
    return Json.of(report);
  }

  private static Map<String, Object> result(Result result) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("work", result.work().id());
    entry.put("title", result.title());
    entry.put("unit", result.unit());
    entry.put("better", result.lowerIsBetter() ? "lower" : "higher");
    if (result.payload() > 0) {
      entry.put("payload", result.payload());
    }
    var measured = new LinkedHashMap<String, Object>();
    result.measured().forEach((contender, figures) -> measured.put(id(contender), of(figures)));
    entry.put("measured", measured);
    entry.put("bars", result.bars().stream().map(bar -> bar(bar, result)).toList());
    return entry;
  }

  private static String id(Contender contender) {
    return contender.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> of(Measurement figures) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("median", figures.median());
    entry.put("least", figures.least());
    entry.put("most", figures.most());
    entry.put("samples", figures.samples());
    return entry;
  }

  private static Map<String, Object> bar(Bar bar, Result result) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("bar", bar.text());
    bar.measured(result.measured())
        .ifPresent(value -> {
          entry.put("measured", value);
          entry.put("met", bar.isMetBy(value));
        });
    return entry;
  }
}
