package dev.segue.explored;

import dev.segue.Action;
import dev.segue.testing.Exploration;
import dev.segue.testing.Explorer;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that fails if Segue does not keep what it promises, in whatever order the program's
 * tasks run and wherever they are cancelled.
 */
interface Promise {
  /** As many schedules as there are. */
  int ALL = 100_000;

  /** All of them. */
  static List<Promise> all() {
    var all = new ArrayList<Promise>(List.of(SharedThing.values()));
    all.addAll(List.of(Structure.values()));
    return all;
  }

  /** What is promised, in a word or two. */
  String name();

  /** Makes the body, with state of its own. */
  Action<Exception> program();

  /** How many schedules are tried. */
  default int schedules() {
    return ALL;
  }

  /** How many steps may be slow: none, unless the program is about time. */
  default int slowSteps() {
    return 0;
  }

  /** Explores the program, with up to two cancels. */
  default Exploration explore() {
    return explore(() -> program().run());
  }

  /** Explores another body in the same way. */
  default Exploration explore(Action<Exception> body) {
    return Explorer.builder()
        .schedules(schedules())
        .cancels(2)
        .slowSteps(slowSteps())
        .steps(1_000)
        .build()
        .explore(body);
  }
}
