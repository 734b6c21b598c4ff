package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.SEGUE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialTest {
  private final List<String> turns = new ArrayList<>();

  @Test
  void contendersTakeTurns() throws Exception {
    trial(0).run(2, _ -> {});
    assertThat(turns).containsExactly("SEGUE", "BARE", "SEGUE", "BARE");
  }

  @Test
  void roundsToWarmUpDoNotCount() throws Exception {
    var measured = trial(1).run(2, _ -> {}).measured();
    assertThat(turns).hasSize(6);
    assertThat(measured).containsEntry(SEGUE, Results.samples(3.0, 5.0));
    assertThat(measured).containsEntry(BARE, Results.samples(4.0, 6.0));
  }

  @Test
  void progressSaysWhatGoesOn() throws Exception {
    var said = new ArrayList<String>();
    trial(1).run(1, said::add);
    assertThat(said)
        .containsExactly(
            "round trip: warming up, Segue",
            "round trip: warming up, bare JVMs",
            "round trip: round 1 of 1, Segue",
            "round trip: round 1 of 1, bare JVMs");
  }

  /** Each sample is the number of the turn. */
  private Trial trial(int warmUps) {
    var samplers = new EnumMap<Contender, Trial.Sampler>(Contender.class);
    for (var contender : List.of(BARE, SEGUE)) {
      samplers.put(
          contender,
          () -> {
            turns.add(contender.name());
            return turns.size();
          });
    }
    return new Trial(
        new Result(Work.ROUND_TRIP, "round trip", "µs", true, 0, Map.of(), List.of()),
        warmUps,
        samplers);
  }
}
