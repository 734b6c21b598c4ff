package dev.segue.compare;

import dev.segue.compare.Report.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Constructed measurements. */
final class Reports {
  static final long MS = 1_000_000;
  static final long MB = 1_000_000;
  static final Machine MACHINE = new Machine(4, "Temurin 25.0.3", "Linux 6.12, amd64");

  private Reports() {}

  /** A hundred jobs of 20 ms that wait for 98 % of their time. */
  static final JobProfile WAITS = new JobProfile(100, 0.98, 20 * MS, 22 * MS, 2_000 * MS, 120);

  /** Forty jobs of 50 ms that compute. */
  static final JobProfile COMPUTES = new JobProfile(40, 0.01, 50 * MS, 55 * MS, 2_000 * MS, 120);

  /** Ten thousand jobs of 1 µs. */
  static final JobProfile TINY = new JobProfile(10_000, 0, 1_000, 90_000, 10 * MS, 80);

  static Report report(Point... points) {
    return report("dev.example.Fetch", points);
  }

  static Report report(String workload, Point... points) {
    return new Report(
        workload,
        Map.of("jobs", "100", "length", "20ms"),
        8,
        0,
        Instant.parse("2026-01-31T12:00:00Z"),
        MACHINE,
        true,
        List.of(points));
  }

  /** The same, with so many jobs submitted in a second. */
  static Report atRate(Report report, double rate) {
    return new Report(
        report.workload(),
        report.parameters(),
        report.workers(),
        rate,
        report.at(),
        report.machine(),
        report.complete(),
        report.points());
  }

  static Of of(@Nullable JobProfile profile) {
    return new Of(profile);
  }

  /** A point in the making: times in milliseconds, memory in megabytes. */
  static final class Of {
    private final @Nullable JobProfile profile;
    private final List<ModelResult> results = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    private final Map<Model, byte[]> recordings = new EnumMap<>(Model.class);

    private Of(@Nullable JobProfile profile) {
      this.profile = profile;
    }

    /** Five repetitions about a time, all within 2 %. */
    Of with(Model model, double wall) {
      return with(model, wall, wall / 50, 60);
    }

    Of with(Model model, double wall, double processor, double memory) {
      return withAll(
          model, processor, memory, wall, wall * 0.99, wall * 1.01, wall * 0.995, wall * 1.005);
    }

    Of withAll(Model model, double processor, double memory, double... walls) {
      var repetitions =
          Arrays.stream(walls)
              .mapToObj(wall ->
                  new Repetition(
                      (long) (wall * MS),
                      (long) (processor * MS),
                      (long) (wall * MS / 2),
                      (long) (wall * MS * 0.9),
                      (long) (wall * MS),
                      model == Model.THREADS ? 112 : 20,
                      (long) (memory * MB)))
              .toList();
      results.add(new ModelResult(model, 80 * MS, 3, true, repetitions));
      return this;
    }

    Of with(ModelResult result) {
      results.add(result);
      return this;
    }

    Of found(Model model, Finding.Kind kind, @Nullable String at) {
      return found(new Finding(model, kind, kind.id() + " was found", at));
    }

    Of found(Finding finding) {
      findings.add(finding);
      return this;
    }

    Of recorded(Model model, byte[] recording) {
      recordings.put(model, recording);
      return this;
    }

    Point point() {
      return new Point(null, null, profile, results, findings, recordings);
    }

    Point at(String swept, String value) {
      return new Point(swept, value, profile, results, findings, recordings);
    }

    Report report() {
      return Reports.report(point());
    }
  }
}
