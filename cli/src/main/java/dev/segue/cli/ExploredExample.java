package dev.segue.cli;

import dev.segue.testing.Exploration;
import java.util.List;

/**
 * A program that tries the orders in which its tasks can run.
 *
 * @param name what the command line calls it: the example's with the same lesson
 * @param teaches its one lesson, in a clause
 * @param file the name of its file
 * @param fails whether one of the orders fails
 */
record ExploredExample(String name, String teaches, String file, boolean fails) {
  static final List<ExploredExample> ALL =
      List.of(
          new ExploredExample(
              "race", "one order of two tasks loses an update", "ExploreRace", true),
          new ExploredExample(
              "race-lock", "a lock keeps both in any order", "ExploreRaceLock", false),
          new ExploredExample(
              "race-free",
              "without a wait in between nothing is lost in any order",
              "ExploreRaceFree",
              false),
          new ExploredExample(
              "deadlock", "one order of two tasks never ends", "ExploreDeadlock", true));

  /** Tries the orders, as the program's own main does. */
  Exploration explore() {
    try {
      var explore = Class.forName(file).getDeclaredMethod("explore");
      explore.setAccessible(true);
      return (Exploration) explore.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot run " + file, e);
    }
  }

  /** Whether what was found is what it should find. */
  boolean agrees(Exploration exploration) {
    return exploration.failure().isPresent() == fails;
  }
}
