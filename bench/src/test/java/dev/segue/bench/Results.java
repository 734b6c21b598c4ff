package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.SEGUE;

import java.util.List;
import java.util.Map;

/** Results made up for tests. */
final class Results {
  static final Bar WITHIN_3_OF_BARE = Bar.atMost("≤ 3 × bare", 3, SEGUE, BARE);
  static final Bar BEATS_CPYTHON_8_FOLD =
      Bar.atLeast("≥ 8 × faster than CPython", 8, CPYTHON, SEGUE);

  private Results() {}

  static Result roundTrip(Map<Contender, Measurement> measured) {
    return result(
        new Subject("round-trip", "round trip", "µs", true, WITHIN_3_OF_BARE, BEATS_CPYTHON_8_FOLD),
        measured);
  }

  static Result payload(int size, Map<Contender, Measurement> measured) {
    return result(new Subject("payload", "echo", "MB/s", false, size, List.of()), measured);
  }

  static Result result(Subject subject, Map<Contender, Measurement> measured) {
    return new Result(subject, measured, Map.of(), List.of(), List.of(), Map.of());
  }

  static Measurement samples(Double... samples) {
    return new Measurement(List.of(samples));
  }
}
