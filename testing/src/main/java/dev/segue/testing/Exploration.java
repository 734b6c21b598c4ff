package dev.segue.testing;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What an {@link Explorer} has found out.
 *
 * @param coverage how much of what can happen it has tried
 * @param schedules how many schedules it has tried, the failing one included
 * @param failure the one that fails, if it has found any
 * @param uncontrolled what was seen that the explorer does not control, and that may let the same
 *     schedule take another course the next time; where that happened, what differed
 */
public record Exploration(
    Coverage coverage, int schedules, Optional<Interleaving> failure, List<String> uncontrolled) {
  /** Copies the list. */
  public Exploration {
    Objects.requireNonNull(coverage, "coverage must not be null");
    Objects.requireNonNull(failure, "failure must not be null");
    uncontrolled = List.copyOf(uncontrolled);
  }

  /**
   * Throws what the body threw in the schedule that fails, with the report {@linkplain
   * Throwable#getSuppressed() suppressed} in it; an {@link AssertionError} where it threw nothing.
   * Does nothing if there is no such schedule.
   *
   * @throws Throwable the failure
   */
  public void throwIfFailed() throws Throwable {
    if (failure.isEmpty()) {
      return;
    }
    var interleaving = failure.get();
    var cause = interleaving.cause();
    if (cause == null) {
      var error = new AssertionError(toString());
      error.setStackTrace(new StackTraceElement[0]);
      throw error;
    }
    cause.addSuppressed(new Report(toString()));
    throw cause;
  }

  /** The report, where a stack trace has room for it. */
  private static final class Report extends RuntimeException {
    private static final long serialVersionUID = 1;

    Report(String text) {
      super(System.lineSeparator() + text, null, false, false);
    }
  }

  /**
   * Returns a line that sums it up, or the report of the failure, and what was not under control.
   *
   * @return such as {@code exhausted: 70 schedules, no failure}
   */
  @Override
  public String toString() {
    var text =
        failure
            .map(Interleaving::toString)
            .orElseGet(() ->
                String.format(
                    Locale.ROOT,
                    "%s: %,d %s, no failure",
                    coverage,
                    schedules,
                    schedules == 1 ? "schedule" : "schedules"));
    boolean told =
        failure.map(Interleaving::kind).filter(Interleaving.Kind.UNCONTROLLED::equals).isPresent();
    return uncontrolled.isEmpty() || told
        ? text
        : text + System.lineSeparator() + "not under control: " + String.join("; ", uncontrolled);
  }
}
