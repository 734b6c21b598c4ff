package dev.segue.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One work, ready to be measured.
 *
 * @param blank the result, as yet without figures
 * @param warmUps how many rounds do not count
 * @param samplers who takes part
 */
record Trial(Result blank, int warmUps, Map<Contender, Sampler> samplers) {
  /** Has one contender do the work once. */
  interface Sampler {
    /** Returns the figure, in the result's unit. */
    double sample() throws Exception;
  }

  /** Measures: in each round, each contender once. */
  Result run(int rounds, Consumer<String> progress) throws Exception {
    var samples = new EnumMap<Contender, List<Double>>(Contender.class);
    for (int round = 1 - warmUps; round <= rounds; round++) {
      var stage = round < 1 ? "warming up" : "round " + round + " of " + rounds;
      for (var entry : samplers.entrySet()) {
        progress.accept(blank.title() + ": " + stage + ", " + entry.getKey().title());
        double figure = entry.getValue().sample();
        if (round >= 1) {
          samples.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(figure);
        }
      }
    }
    var measured = new EnumMap<Contender, Measurement>(Contender.class);
    samples.forEach((contender, figures) -> measured.put(contender, new Measurement(figures)));
    return new Result(
        blank.work(),
        blank.title(),
        blank.unit(),
        blank.lowerIsBetter(),
        blank.payload(),
        measured,
        blank.bars());
  }
}
