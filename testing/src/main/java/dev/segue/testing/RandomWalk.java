package dev.segue.testing;

import java.util.SplittableRandom;

/** Takes any way with the same chance. */
final class RandomWalk implements Chooser {
  /** A cancel, a slow step or another value is taken once in so many times. */
  static final int RARELY = 8;

  private final SplittableRandom random;

  RandomWalk(SplittableRandom random) {
    this.random = random;
  }

  @Override
  public int choose(Simulation simulation) {
    return choose(simulation, random);
  }

  static int choose(Simulation simulation, SplittableRandom random) {
    if (simulation.choice() == Simulation.Choice.NEXT || random.nextInt(RARELY) == 0) {
      return random.nextInt(simulation.ways());
    }
    return 0;
  }
}
