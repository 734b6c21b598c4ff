package dev.segue.cli;

import dev.segue.bench.Contender;
import dev.segue.bench.Result;
import dev.segue.bench.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/**
 * What a benchmark prints: its progress on a terminal, and each table as soon as it is measured, or
 * one JSON document at the end.
 */
final class BenchOutput {
  private final PrintWriter out;
  private final PrintWriter err;
  private final String name;
  private final boolean coloured;
  private final boolean json;
  private final ProgressLines progressLine;
  private final List<Result> results = new ArrayList<>();

  BenchOutput(CommandLine command, boolean json) {
    this.out = command.getOut();
    this.err = command.getErr();
    this.name = command.getCommandSpec().qualifiedName();
    this.coloured = command.getColorScheme().ansi().enabled();
    this.json = json;
    this.progressLine = new ProgressLines(err);
  }

  /** A benchmark. */
  interface Benchmark {
    void run() throws Exception;
  }

  /** Runs a benchmark that prints here, and returns the exit code. */
  int run(Benchmark benchmark) {
    try {
      benchmark.run();
      return results.stream().allMatch(Result::isFine) ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (Exception e) {
      complain(Comparison.describe(e));
      return ExitCode.SOFTWARE;
    }
  }

  /** Shows on a terminal what is going on, or clears the line if the text is empty. */
  void progress(String text) {
    progressLine.show(text);
  }

  /** Prints a remark that is not part of the figures. */
  private void complain(String text) {
    progress("");
    err.println(ProgressLines.printable(name + ": " + text));
  }

  /**
   * Prints the conditions of a run, before it starts.
   *
   * @param run the conditions, to which those who are missing are added
   * @param missing who does not take part, and why
   */
  void begin(Map<String, Object> run, Map<Contender, String> missing) {
    missing.forEach((contender, why) -> complain(contender.title() + " is not measured: " + why));
    if (!json) {
      print(
          run.entrySet().stream()
                  .map(entry -> entry.getKey() + ": " + entry.getValue())
                  .collect(Collectors.joining(", "))
              + "\n");
    }
    run.put("missing", titled(missing));
  }

  void add(Result result) {
    results.add(result);
    progress("");
    if (!json) {
      print("\n" + Table.of(result, coloured));
    }
  }

  /** Prints what comes last, the JSON document or the versions that took part. */
  void end(Map<String, Object> run, Map<Contender, String> versions) {
    var titled = titled(versions);
    run.put("versions", titled);
    if (json) {
      print(BenchReport.of(results, run) + "\n");
    } else if (!titled.isEmpty()) {
      print("\n");
      titled.forEach((title, version) -> print(title + ": " + version + "\n"));
    }
  }

  private static Map<String, String> titled(Map<Contender, String> texts) {
    var titled = new LinkedHashMap<String, String>();
    texts.forEach((contender, text) -> titled.put(contender.title(), text));
    return titled;
  }

  private void print(String text) {
    out.print(ProgressLines.printable(text));
    out.flush();
  }

  List<Result> results() {
    return results;
  }
}
