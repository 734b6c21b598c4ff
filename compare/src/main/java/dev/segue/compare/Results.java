package dev.segue.compare;

import dev.segue.compare.Finding.Kind;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what each repetition gave with what one model, the first that could run the jobs, gave
 * in its first. What that model itself does not repeat cannot be compared.
 */
final class Results {
  private @Nullable Contestant reference;
  private Message.@Nullable Values expected;
  private int repeated;
  private final BitSet varying = new BitSet();
  private final Map<Contestant, Message.Values> suspects = new LinkedHashMap<>();
  private final Map<Contestant, Tally> tallies = new LinkedHashMap<>();

  /** How many repetitions of a model were compared, and how many of them were wrong. */
  private static final class Tally {
    int compared;
    int wrong;
  }

  /** Adds what one repetition gave; null if it gave nothing. */
  void add(Contestant contestant, Message.@Nullable Values values) {
    if (values == null) {
      return;
    }
    var expected = this.expected;
    if (expected == null) {
      reference = contestant;
      this.expected = values;
      for (int i = 0; i < values.digests().length; i++) {
        varying.set(i, values.digests()[i] == Digest.NONE);
      }
    } else if (contestant == reference) {
      repeated++;
      for (int i = 0; i < values.digests().length; i++) {
        if (differs(expected, values, i)) {
          varying.set(i);
        }
      }
    } else {
      var tally = tallies.computeIfAbsent(contestant, _ -> new Tally());
      tally.compared++;
      if (firstDifference(expected, values) >= 0) {
        tally.wrong++;
        suspects.putIfAbsent(contestant, values);
      }
    }
  }

  private static boolean differs(Message.Values expected, Message.Values values, int i) {
    return i >= expected.digests().length || expected.digests()[i] != values.digests()[i];
  }

  /** The first that differs and does not vary anyway; -1 if there is none. */
  private int firstDifference(Message.Values expected, Message.Values values) {
    for (int i = 0; i < values.digests().length; i++) {
      if (!varying.get(i) && differs(expected, values, i)) {
        return i;
      }
    }
    return -1;
  }

  /** Says what is wrong, once it is known what varies. */
  void judge(boolean last) {
    var expected = this.expected;
    var reference = this.reference;
    if (expected == null || reference == null || (repeated == 0 && !last)) {
      return;
    }
    if (last && !varying.isEmpty()) {
      var which = varying.stream().boxed().findFirst().orElseThrow();
      reference.find(
          Kind.NOT_COMPARED,
          what(which, expected)
              + " is not compared between models: it varies by itself, or is not serializable. Have"
              + " it be the same in each repetition.",
          null);
    }
    suspects.forEach((contestant, values) -> {
      int which = firstDifference(expected, values);
      if (which >= 0) {
        wrong(
            contestant,
            reference.model,
            what(which, expected),
            expected.texts()[which],
            values.texts()[Math.min(which, values.texts().length - 1)]);
      } else {
        tallies.remove(contestant); // what differed varies by itself
      }
    });
    suspects.clear();
    if (last) {
      tallies.forEach((contestant, tally) ->
          contestant.amend(
              Kind.WRONG_RESULT,
              "Wrong in %d of %s, warm-up included."
                  .formatted(tally.wrong, Figures.counted(tally.compared, "repetition"))));
    }
  }

  private static String what(int which, Message.Values expected) {
    int jobs = expected.digests().length - 1;
    return which == jobs
        ? "What the jobs left behind"
        : "The result of job " + (which + 1) + " of " + jobs;
  }

  private static void wrong(
      Contestant contestant, Model reference, String what, String expected, String found) {
    contestant.find(
        Kind.WRONG_RESULT,
        what
            + " was "
            + found
            + ", and "
            + reference.title()
            + " it is "
            + expected
            + ". "
            + why(contestant.model),
        null);
  }

  private static String why(Model model) {
    return switch (model) {
      case SYNC -> "The jobs depend on what runs beside them.";
      case THREADS, THREAD_POOL, VIRTUAL_THREADS ->
          "Threads run at the same time: where two read the same value and both write it back, one"
              + " update is lost. Guard what jobs share with one lock, or use atomic operations.";
      case EVENT_LOOP ->
          "Other jobs run while one waits: what it read before is old after that. Do not wait"
              + " between reading and writing what jobs share, or guard it with one lock.";
      case CLUSTER ->
          "Each executor has a memory of its own: what jobs change there is seen by no other"
              + " executor, and a job may run twice. Have each job return its part, and combine the"
              + " results.";
      case PROCESS_POOL ->
          "Each worker process has a memory of its own: what jobs change there is seen by no other"
              + " process. Have each job return its part, and combine the results.";
    };
  }
}
