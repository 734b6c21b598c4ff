package dev.segue.cli;

import dev.segue.bench.Result;
import dev.segue.bench.Table;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * What a benchmark prints: its progress on a terminal, and each table as soon as it is measured, or
 * one JSON document at the end.
 */
final class BenchOutput {
  private static final String TO_LINE_START_UNWRAPPED = "\r\u001b[?7l";
  private static final String CLEAR_TO_END_WRAPPED = "\u001b[K\u001b[?7h";

  private final PrintWriter out;
  private final PrintWriter err;
  private final String name;
  private final boolean coloured;
  private final boolean json;
  private final boolean watched;
  private final List<Result> results = new ArrayList<>();

  BenchOutput(CommandLine command, boolean json) {
    this.out = command.getOut();
    this.err = command.getErr();
    this.name = command.getCommandSpec().qualifiedName();
    this.coloured = command.getColorScheme().ansi().enabled();
    this.json = json;
    this.watched = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  /** What every benchmark runs on. */
  static Map<String, Object> machine() {
    var machine = new LinkedHashMap<String, Object>();
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("java", Runtime.version().toString());
    return machine;
  }

  /** Shows on a terminal what is going on, or clears the line if the text is empty. */
  void progress(String text) {
    if (watched) {
      // A narrower terminal cuts the line off. Wrapped, it could not be overwritten.
      err.print(TO_LINE_START_UNWRAPPED + printable(text) + CLEAR_TO_END_WRAPPED);
      err.flush();
    }
  }

  /** Prints a remark that is not part of the figures. */
  void complain(String text) {
    progress("");
    err.println(printable(name + ": " + text));
  }

  /** Prints the conditions of a run, before it starts. */
  void begin(Map<String, Object> run) {
    if (!json) {
      print(
          run.entrySet().stream()
                  .map(entry -> entry.getKey() + ": " + entry.getValue())
                  .collect(Collectors.joining(", "))
              + "\n");
    }
  }

  void add(Result result) {
    results.add(result);
    progress("");
    if (!json) {
      print("\n" + Table.of(result, coloured));
    }
  }

  /** Prints what comes last: the JSON document, or the rest of the text. */
  void end(Map<String, Object> run, String rest) {
    print(json ? BenchReport.of(results, run) + "\n" : rest);
  }

  private void print(String text) {
    out.print(printable(text));
    out.flush();
  }

  List<Result> results() {
    return results;
  }

  /** Whether all bars are met and no contender failed. */
  boolean isFine() {
    return results.stream().allMatch(Result::isFine);
  }

  /** The text, with replacements for characters that the terminal cannot show. */
  private static String printable(String text) {
    return System.out.charset().newEncoder().canEncode("µ×–≤≥…█▏")
        ? text
        : text.replace('µ', 'u')
            .replace('×', 'x')
            .replace('–', '-')
            .replace("≤", "<=")
            .replace("≥", ">=")
            .replace("…", "...")
            .replaceAll("[█▏▎▍▌▋▊▉]", "#");
  }
}
