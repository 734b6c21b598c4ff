package dev.segue.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that the benchmarks share. */
final class BenchOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "How many samples to take of each contender, from 1 to 100; 7 by default.")
  private int rounds;

  @Option(
      names = "--scale",
      paramLabel = "F",
      defaultValue = "1",
      description = {
        "How much work a sample is, from 0.001 to 10; 1 by default, which the bars are meant for."
      })
  private double scale;

  @Option(names = "--json", description = "Print one JSON document instead of the table.")
  private boolean json;

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
      throw wrong("--rounds must be from 1 to 100, and is " + rounds);
    }
    if (!(scale >= 0.001 && scale <= 10)) {
      throw wrong("--scale must be from 0.001 to 10, and is " + scale);
    }
  }

  /**
   * The works of those names; all if there are none.
   *
   * @param all every work
   * @param id what a work's name is
   */
  <W extends Enum<W>> Set<W> works(List<String> names, Set<W> all, Function<W, String> id) {
    var chosen = new TreeSet<W>();
    for (var name : names) {
      var found = all.stream().filter(work -> id.apply(work).equals(name)).findFirst();
      chosen.add(
          found.orElseThrow(() ->
              wrong(
                  "unknown work '"
                      + name
                      + "'; there are "
                      + all.stream().map(id).collect(Collectors.joining(", ")))));
    }
    return chosen.isEmpty() ? all : chosen;
  }

  void checkWritable(String option, Path file) {
    if (Files.isDirectory(file) || !Files.isWritable(file.toAbsolutePath().getParent())) {
      throw wrong(option + ": " + file + " cannot be written");
    }
  }

  /** Makes it if it is not there. */
  void checkFolder(String option, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException _) {
      throw wrong(option + ": " + folder + " cannot be made into a folder");
    }
    if (!Files.isWritable(folder)) {
      throw wrong(option + ": " + folder + " cannot be written to");
    }
  }

  ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
