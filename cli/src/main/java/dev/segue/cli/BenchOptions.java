package dev.segue.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What the benchmarks' command lines share: options, exit codes, headings. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every bar that was measured is met",
      "1:a bar is not met, or a contender failed",
      "2:the command line is wrong",
      "130:interrupted by Ctrl-C"
    },
    footerHeading = "%nExamples:%n")
final class BenchOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "How many samples to take of each contender: 1 to 100. Default: 7.")
  private int rounds;

  @Option(
      names = "--scale",
      paramLabel = "F",
      defaultValue = "1",
      description = "The size of a sample: 0.001 to 10. Default: 1, which the bars are for.")
  private double scale;

  @Option(names = "--json", description = "Print one JSON document instead of tables.")
  private boolean json;

  /** What a run begins with in every benchmark. */
  Map<String, Object> run() {
    var run = new LinkedHashMap<String, Object>();
    run.put("rounds", rounds);
    run.put("scale", scale);
    run.put("processors", Runtime.getRuntime().availableProcessors());
    run.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    run.put("java", Runtime.version().toString());
    return run;
  }

  int rounds() {
    return rounds;
  }

  double scale() {
    return scale;
  }

  boolean json() {
    return json;
  }

  void check() {
    if (rounds < 1 || rounds > 100) {
      throw wrong("--rounds must be from 1 to 100, not " + rounds);
    }
    if (!(scale >= 0.001 && scale <= 10)) {
      throw wrong("--scale must be from 0.001 to 10, not " + scale);
    }
  }

  /**
   * The workloads with these names, or all if there are no names.
   *
   * @param all every workload
   * @param id gives the name of a workload
   */
  <W extends Enum<W>> Set<W> works(List<String> names, Set<W> all, Function<W, String> id) {
    var chosen = new TreeSet<W>();
    for (var name : names) {
      var found = all.stream().filter(work -> id.apply(work).equals(name)).findFirst();
      chosen.add(
          found.orElseThrow(() ->
              wrong(
                  "unknown workload '"
                      + name
                      + "'; the workloads are "
                      + all.stream().map(id).collect(Collectors.joining(", ")))));
    }
    return chosen.isEmpty() ? all : chosen;
  }

  void checkWritable(String option, Path file) {
    if (Files.isDirectory(file) || !Files.isWritable(file.toAbsolutePath().getParent())) {
      throw wrong(option + ": " + file + " cannot be written");
    }
  }

  /** Creates the folder if it does not exist. */
  void checkFolder(String option, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException _) {
      throw wrong(option + ": " + folder + " is not a folder and cannot become one");
    }
    if (!Files.isWritable(folder)) {
      throw wrong(option + ": " + folder + " cannot be written to");
    }
  }

  ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
