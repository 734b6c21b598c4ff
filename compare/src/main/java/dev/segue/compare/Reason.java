package dev.segue.compare;

import dev.segue.compare.Rule.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison comes to, in a few sentences: which model to take, by how much it is better,
 * what would change the answer, and what to beware of with the next best. A model whose results
 * were wrong is never recommended, nor is it compared with.
 *
 * @param model the model to take; null if there is none, or if it depends on what was varied
 * @param verdict the answer
 * @param because why
 * @param unless what would change it
 * @param traps what to beware of with the runner-up
 * @param at the value of a sweep, as {@code 10,000 jobs}, at which the two hold; empty without a
 *     sweep
 */
public record Reason(
    @Nullable Model model,
    String verdict,
    List<String> because,
    List<String> unless,
    List<String> traps,
    String at) {
  /** Copies the lists. */
  public Reason {
    because = List.copyOf(because);
    unless = List.copyOf(unless);
    traps = List.copyOf(traps);
  }

  /**
   * Says what was measured.
   *
   * @param report the figures
   * @return what they mean
   */
  public static Reason of(Report report) {
    Objects.requireNonNull(report, "report must not be null");
    if (report.points().isEmpty()) {
      return new Reason(null, "Nothing was measured.", List.of(), List.of(), List.of(), "");
    }
    return report.points().size() == 1
        ? of(new Facts(report, report.points().getFirst()))
        : ofSweep(report);
  }

  static Reason of(Facts facts) {
    var model = facts.best().map(Facts.Ranked::model).orElse(null);
    return new Reason(
        model,
        said(Part.VERDICT, facts).findFirst().orElseThrow(),
        all(Part.BECAUSE, facts),
        all(Part.UNLESS, facts),
        all(Part.TRAP, facts),
        "");
  }

  private static List<String> all(Part part, Facts facts) {
    return said(part, facts).toList();
  }

  private static Stream<String> said(Part part, Facts facts) {
    return Arrays.stream(Rule.values())
        .filter(rule -> rule.part() == part)
        .flatMap(rule -> rule.says(facts).stream());
  }

  /**
   * The winner over the values, where they cross, and the rest of what holds for the last value.
   */
  private static Reason ofSweep(Report report) {
    var curves = Curves.of(report);
    var last = of(curves.facts().getLast());
    var because = new ArrayList<String>();
    curves.crossovers().forEach(crossover -> because.add(curves.text(crossover)));
    curves.doubt().ifPresent(because::add);
    Stream.of(Rule.JOBS_WAIT, Rule.JOBS_COMPUTE, Rule.JOBS_DO_BOTH)
        .forEach(rule -> rule.says(curves.facts().getLast()).ifPresent(because::add));
    return new Reason(
        curves.winner(),
        curves.verdict(),
        because,
        last.unless,
        last.traps,
        curves.axis().at(curves.axis().values().getLast()));
  }

  String titleOfUnless() {
    return "What would change this" + (at.isEmpty() ? "" : ", at " + at);
  }

  String titleOfTraps() {
    return "The trap with the next best" + (at.isEmpty() ? "" : ", at " + at);
  }
}
