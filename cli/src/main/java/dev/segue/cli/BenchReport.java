package dev.segue.cli;

import dev.segue.bench.Bar;
import dev.segue.bench.Contender;
import dev.segue.bench.Measurement;
import dev.segue.bench.Result;
import dev.segue.inspect.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a benchmark measured, as one JSON document. */
final class BenchReport {
  private BenchReport() {}

  /** Describes results and how they came to be. */
  static String of(List<Result> results, Map<String, Object> run) {
    var report = new LinkedHashMap<String, Object>();
    report.put("met", results.stream().allMatch(Result::isFine));
    report.put("run", run);
    report.put("results", results.stream().map(BenchReport::result).toList());
    return Json.of(report);
  }

  private static Map<String, Object> result(Result result) {
    var subject = result.subject();
    var entry = new LinkedHashMap<String, Object>();
    entry.put("work", subject.work());
    entry.put("title", subject.title());
    entry.put("unit", subject.unit());
    entry.put("better", subject.lowerIsBetter() ? "lower" : "higher");
    if (subject.payload() > 0) {
      entry.put("payload", subject.payload());
    }
    var measured = new LinkedHashMap<String, Object>();
    for (var contender : result.ranking()) {
      measured.put(contender.id(), measured(result, contender));
    }
    entry.put("measured", measured);
    result.best().ifPresent(best -> entry.put("best", best.id()));
    entry.put("unable", result.unable().stream().map(Contender::id).toList());
    entry.put("missing", result.missing().stream().map(Contender::id).toList());
    var failures = new LinkedHashMap<String, Object>();
    result.failures().forEach((contender, how) -> failures.put(contender.id(), how));
    entry.put("failures", failures);
    entry.put("bars", subject.bars().stream().map(bar -> bar(bar, result)).toList());
    return entry;
  }

  private static Map<String, Object> measured(Result result, Contender contender) {
    var entry = of(Objects.requireNonNull(result.measured().get(contender)));
    result.ratioToSegue(contender).ifPresent(ratio -> entry.put("ratioToSegue", ratio));
    var busy = result.clientBusy().get(contender);
    if (busy != null) {
      entry.put("clientBusy", of(busy));
    }
    return entry;
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
