package dev.segue.cli;

import static dev.segue.cli.ArticleExamples.main;

import java.util.List;

/**
 * A program that tries the orders in which its tasks can run, and prints what it has found.
 *
 * @param name what the command line calls it: the example's with the same lesson
 * @param teaches its one lesson, in a clause
 * @param program the program; it prints to {@link System#out}
 * @param fails whether one of the orders fails
 */
record ExploredExample(String name, String teaches, Example.Program program, boolean fails) {
  static final List<ExploredExample> ALL =
      List.of(
          new ExploredExample(
              "race", "one order of two tasks loses an update", main("ExploreRace"), true),
          new ExploredExample(
              "race-lock", "a lock keeps both in any order", main("ExploreRaceLock"), false),
          new ExploredExample(
              "race-free",
              "without a wait in between nothing is lost in any order",
              main("ExploreRaceFree"),
              false),
          new ExploredExample(
              "deadlock", "one order of two tasks never ends", main("ExploreDeadlock"), true));

  /** Whether what was printed is what it should find. */
  boolean agrees(List<String> printed) {
    var found = printed.stream().anyMatch(line -> line.startsWith("replay: "));
    return found == fails && !printed.isEmpty();
  }
}
