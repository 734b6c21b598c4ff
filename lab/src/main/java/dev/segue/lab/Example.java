package dev.segue.lab;

import java.util.List;

/**
 * A program that can be run and compared with what it should print.
 *
 * @param name what the command line calls it
 * @param teaches its one lesson, in a clause
 * @param source who says what it should print
 * @param program the program; it prints to {@link System#out}
 * @param parts what it should print, part by part
 */
record Example(String name, String teaches, Source source, Program program, List<Part> parts) {
  /** Who says what an example should print. */
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
}
