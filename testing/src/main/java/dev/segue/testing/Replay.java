package dev.segue.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes given decisions where they come up, and otherwise goes on as an ordinary loop. */
final class Replay implements Chooser {
  private final Map<Decision, Integer> left = new HashMap<>();

  Replay(List<Decision> decisions) {
    for (var decision : decisions) {
      left.merge(decision, 1, Integer::sum);
    }
  }

  @Override
  public int choose(Simulation simulation) {
    if (left.isEmpty()) {
      return 0;
    }
    if (simulation.choice() == Simulation.Choice.NEXT) {
      int way = 0;
      while (way + 1 < simulation.ways() && take(simulation.decision(way + 1))) {
        way++;
      }
      return way;
    }
    for (int way = 1; way < simulation.ways(); way++) {
      if (take(simulation.decision(way))) {
        return way;
      }
    }
    return 0;
  }

  private boolean take(Decision decision) {
    if (!left.containsKey(decision)) {
      return false;
    }
    left.computeIfPresent(decision, (_, count) -> count == 1 ? null : count - 1);
    return true;
  }

  /** Those that have not come up. */
  List<Decision> left() {
    return left.keySet().stream().sorted().toList();
  }
}
