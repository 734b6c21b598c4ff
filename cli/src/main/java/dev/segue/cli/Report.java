package dev.segue.cli;

import dev.segue.inspect.json.Json;
import dev.segue.testing.Exploration;
import dev.segue.testing.Interleaving;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code segue examples} found, as one JSON document. */
final class Report {
  private Report() {}

  /** Describes runs. */
  static String of(List<Comparison> comparisons, double scale) {
    var report = new LinkedHashMap<String, Object>();
    report.put("agreed", comparisons.stream().allMatch(Comparison::agrees));
    report.put("scale", scale);
    report.put("examples", comparisons.stream().map(Report::example).toList());
    report.put("speedUps", SpeedUp.of(comparisons).stream().map(Report::speedUp).toList());
    return Json.of(report);
  }

  /** Describes examples that have not been run. */
  static String names(List<Example> examples) {
    return Json.of(Map.of("examples", examples.stream().map(Report::name).toList()));
  }

  /** Describes explored examples. */
  static String ofExplored(List<Map<String, Object>> examples, boolean agreed) {
    var report = new LinkedHashMap<String, Object>();
    report.put("agreed", agreed);
    report.put("examples", examples);
    return Json.of(report);
  }

  /** Describes one. */
  static Map<String, Object> explored(ExploredExample example, Exploration exploration) {
    var entry = name(example.name(), example.teaches());
    entry.put("agreed", example.agrees(exploration));
    entry.put("schedules", exploration.schedules());
    exploration
        .failure()
        .ifPresent(failure -> {
          entry.put("kind", failure.kind().name());
          entry.put("replay", failure.replay());
          entry.put("steps", failure.steps().stream().map(Report::step).toList());
          entry.put("notes", failure.notes().stream().map(Report::note).toList());
        });
    entry.put("lines", exploration.toString().lines().toList());
    return entry;
  }

  private static Map<String, Object> step(Interleaving.Step step) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("number", step.number());
    entry.put("task", step.task());
    entry.put("text", step.text());
    return entry;
  }

  private static Map<String, Object> note(Interleaving.Note note) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("after", note.after());
    entry.put("text", note.text());
    return entry;
  }

  private static Map<String, Object> name(Example example) {
    return name(example.name(), example.teaches());
  }

  private static Map<String, Object> name(String name, String teaches) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("name", name);
    entry.put("teaches", teaches);
    return entry;
  }

  private static Map<String, Object> example(Comparison comparison) {
    var example = comparison.example();
    var entry = name(example);
    entry.put("agreed", comparison.agrees());
    entry.put("differences", comparison.differences());
    entry.put("elapsed", rounded(comparison.elapsed()));
    entry.put("values", comparison.values());
    entry.put("lines", comparison.printed().stream().map(Report::line).toList());
    entry.put("expected", expected(comparison));
    return entry;
  }

  private static Map<String, Object> speedUp(SpeedUp speedUp) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("example", speedUp.example());
    entry.put("baseline", speedUp.baseline());
    if (!speedUp.round().isEmpty()) {
      entry.put("round", speedUp.round());
    }
    entry.put("factor", rounded(speedUp.factor()));
    return entry;
  }

  private static Map<String, Object> line(Transcript.Printed line) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("at", rounded(line.at()));
    entry.put("text", line.text());
    return entry;
  }

  private static Map<String, Object> expected(Comparison comparison) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("source", comparison.example().source().toString());
    entry.put("elapsed", rounded(comparison.expectedElapsed()));
    entry.put("values", comparison.expectedValues());
    var lines = new ArrayList<Map<String, Object>>();
    var parts = comparison.example().parts();
    for (int i = 0; i < parts.size(); i++) {
      for (var line : parts.get(i).lines()) {
        lines.add(expectedLine(i + 1, line, comparison.scale()));
      }
    }
    entry.put("lines", lines);
    return entry;
  }

  private static Map<String, Object> expectedLine(int part, Part.Line line, double scale) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("part", part);
    entry.put("group", line.group()); // in any order
    entry.put("at", rounded(line.second() * scale));
    entry.put("timed", line.timed()); // else when it comes depends on the machine
    entry.put("thread", line.thread());
    entry.put("message", line.message().toString());
    return entry;
  }

  private static double rounded(double number) {
    return Math.round(number * 1000) / 1000.0;
  }
}
