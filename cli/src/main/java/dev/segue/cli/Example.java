package dev.segue.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that can be run and compared with what it should print.
 *
 * @param name what the command line calls it
 * @param teaches its one lesson, in a clause
 * @param source where the expected output comes from
 * @param program the program; it prints to {@link System#out}
 * @param parts what it should print, part by part
 * @param baseline the name of the example that does the same work more slowly; null if none does
 */
record Example(
    String name,
    String teaches,
    Source source,
    Program program,
    List<Part> parts,
    @Nullable String baseline) {
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
  }

  Example(String name, String teaches, Source source, Program program, List<Part> parts) {
    this(name, teaches, source, program, parts, null);
  }
}
