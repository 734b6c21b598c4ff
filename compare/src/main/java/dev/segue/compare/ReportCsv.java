package dev.segue.compare;

import dev.segue.compare.Report.Point;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@link Report} as CSV (RFC 4180), for spreadsheets and statistics: a line for each repetition.
 * Times are in seconds, sizes in bytes. A model that could not run the jobs has one line without
 * figures. The columns:
 *
 * <pre>{@code
 * workload, parameters (as jobs=100 length=20ms), workers
 * rate               how many jobs were submitted in a second; 0 if all were at once
 * swept, value       what was varied, and its value; empty without a sweep
 * model              as Model.id() has it
 * wrong              why the model's times mean nothing, as wrong-result; empty if they are right
 * start_up_s         of the model's JVM
 * repetition         1, 2, ...
 * wall_s, processor_s, p50_s, p99_s, max_s, threads, memory_bytes
 * }</pre>
 */
public final class ReportCsv {
  private static final List<String> COLUMNS =
      List.of(
          "workload",
          "parameters",
          "workers",
          "rate",
          "swept",
          "value",
          "model",
          "wrong",
          "start_up_s",
          "repetition",
          "wall_s",
          "processor_s",
          "p50_s",
          "p99_s",
          "max_s",
          "threads",
          "memory_bytes");

  private ReportCsv() {}

  /**
   * Writes a report into a file, which is replaced.
   *
   * @param report what to write
   * @param file the file
   * @throws IOException if that fails
   */
  public static void write(Report report, Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    Files.writeString(file, of(report));
  }

  /**
   * Returns a report as CSV.
   *
   * @param report what to write
   * @return lines, of which the first has the names of the columns
   */
  public static String of(Report report) {
    Objects.requireNonNull(report, "report must not be null");
    var csv = new StringBuilder();
    line(csv, COLUMNS.stream());
    for (var point : report.points()) {
      for (var result : point.results()) {
        var head = head(report, point, result);
        if (result.repetitions().isEmpty()) {
          line(csv, Stream.concat(head.stream(), Stream.generate(() -> "").limit(8)));
        }
        int number = 0;
        for (var repetition : result.repetitions()) {
          number++;
          line(csv, Stream.concat(head.stream(), figures(number, repetition)));
        }
      }
    }
    return csv.toString();
  }

  private static List<String> head(Report report, Point point, ModelResult result) {
    return List.of(
        report.workload(),
        new TreeMap<>(report.parameters())
            .entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(" ")),
        String.valueOf(report.workers()),
        BigDecimal.valueOf(report.rate()).stripTrailingZeros().toPlainString(),
        Objects.requireNonNullElse(point.swept(), ""),
        Objects.requireNonNullElse(point.value(), ""),
        result.model().id(),
        wrong(point, result.model()),
        seconds(result.startUp()));
  }

  private static String wrong(Point point, Model model) {
    return point.findings().stream()
        .filter(finding -> finding.model() == model && finding.kind().isWrong())
        .map(finding -> finding.kind().id())
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private static Stream<String> figures(int number, Repetition repetition) {
    return Stream.of(
        String.valueOf(number),
        seconds(repetition.wall()),
        seconds(repetition.processor()),
        seconds(repetition.p50()),
        seconds(repetition.p99()),
        seconds(repetition.max()),
        String.valueOf(repetition.threads()),
        String.valueOf(repetition.memory()));
  }

  private static String seconds(long nanos) {
    return BigDecimal.valueOf(nanos, 9).toPlainString();
  }

  private static void line(StringBuilder csv, Stream<String> fields) {
    csv.append(fields.map(ReportCsv::quote).collect(Collectors.joining(","))).append("\r\n");
  }

  private static String quote(String field) {
    return Arrays.stream(new String[] {",", "\"", "\n", "\r"}).anyMatch(field::contains)
        ? '"' + field.replace("\"", "\"\"") + '"'
        : field;
  }
}
