package dev.segue.cli;

import java.util.List;

/**
 * A program that can be run and compared with what it should print.
 *
 * @param name what the command line calls it
 * @param teaches its one lesson, in a clause
 * @param source where the expected output comes from
 * @param program the program; it prints to {@link System#out}
 * @param parts what it should print, part by part
 * @param baselines the names of the examples that do the same work in another way
 * @param rounds what the parts are called, if each does all of that work; empty if there is one
 */
record Example(
    String name,
    String teaches,
    Source source,
    Program program,
    List<Part> parts,
    List<String> baselines,
    List<String> rounds) {
  /** Where the expected output of an example comes from. */
  enum Source {
    /** The article shows the output. */
    ARTICLE("article"),
    /** The article only claims it, or goes less far. */
    EXPECTED("expected");

    private final String word;

    Source(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** The {@code main} of an example. */
  @FunctionalInterface
  interface Program {
    void run() throws Exception;
  }

  Example {
    parts = List.copyOf(parts);
    baselines = List.copyOf(baselines);
    rounds = List.copyOf(rounds);
  }

  Example(String name, String teaches, Source source, Program program, List<Part> parts) {
    this(name, teaches, source, program, parts, List.of(), List.of());
  }

  Example(
      String name,
      String teaches,
      Source source,
      Program program,
      List<Part> parts,
      String baseline) {
    this(name, teaches, source, program, parts, List.of(baseline), List.of());
  }
}
