package dev.segue.bench;

import java.util.List;
import java.util.Optional;

/**
 * How a contender's median compares with Segue's, in words.
 *
 * @param factor by which the one is better than the other, at least 1
 * @param contenderIsBetter which one
 * @param words for the contender: "slower", say
 */
record Comparison(double factor, boolean contenderIsBetter, String words) {
  /** Compares; empty for Segue itself, and where Segue was not measured. */
  static Optional<Comparison> of(Result result, Contender contender) {
    var ratio = result.ratioToSegue(contender);
    if (ratio.isEmpty() || contender.equals(Contender.SEGUE)) {
      return Optional.empty();
    }
    double times = ratio.getAsDouble();
    boolean better = result.subject().lowerIsBetter() ? times < 1 : times > 1;
    var words =
        result.subject().isSize() ? List.of("smaller", "larger") : List.of("faster", "slower");
    return Optional.of(
        new Comparison(Math.max(times, 1 / times), better, words.get(better ? 0 : 1)));
  }

  @Override
  public String toString() {
    return Table.figure(factor) + " × " + words;
  }
}
