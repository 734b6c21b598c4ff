package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.LOKY;
import static dev.segue.bench.Contender.SEGUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TrialTest {
  private final List<String> turns = new ArrayList<>();
  private final Map<Contender, Trial.Sampler> samplers = new LinkedHashMap<>();

  {
    // Each sample is the number of the turn.
    for (var contender : List.of(SEGUE, BARE)) {
      samplers.put(
          contender,
          () -> {
            turns.add(contender.id());
            return new Sample(turns.size());
          });
    }
  }

  @Test
  void contendersTakeTurns() throws Exception {
    trial(0).run(2, _ -> {});
    assertThat(turns).containsExactly("segue", "bare", "segue", "bare");
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

  @Test
  void whoFailsIsOutAndTheOthersGoOn() throws Exception {
    samplers.put(
        CPYTHON,
        () -> {
          if (turns.size() > 2) {
            throw new IOException("it ended with exit code 3");
          }
          return new Sample(1);
        });
    var result = trial(0).run(3, _ -> {});
    assertThat(turns).hasSize(6);
    assertThat(result.failures()).containsExactly(Map.entry(CPYTHON, "it ended with exit code 3"));
    assertThat(result.measured()).containsOnlyKeys(SEGUE, BARE);
    assertThat(result.isFine()).isFalse();
  }

  @Test
  void whoHasNoSuchWorkIsAskedOnceAndNamedUnlessItIsAFloor() throws Exception {
    var asked = new ArrayList<Contender>();
    for (var contender : List.of(CPYTHON, BARE)) {
      samplers.put(
          contender,
          () -> {
            asked.add(contender);
            return null;
          });
    }
    var result = trial(1).run(2, _ -> {});
    assertThat(asked).containsExactlyInAnyOrder(CPYTHON, BARE);
    assertThat(result.unable()).containsExactly(CPYTHON);
    assertThat(result.measured()).containsOnlyKeys(SEGUE);
    assertThat(result.isFine()).isTrue();
  }

  @Test
  void whoIsNotInstalledIsNamedAndNoFault() throws Exception {
    var result = trial(0).run(1, _ -> {});
    assertThat(result.missing()).containsExactly(LOKY);
    assertThat(result.isFine()).isTrue();
  }

  @Test
  void whatTheClientUsedIsKeptBesideTheFigures() throws Exception {
    samplers.put(SEGUE, () -> new Sample(7, OptionalDouble.of(80)));
    assertThat(trial(0).run(2, _ -> {}).clientBusy())
        .containsExactly(Map.entry(SEGUE, Results.samples(80.0, 80.0)));
  }

  @Test
  void anInterruptEndsTheRun() {
    samplers.put(
        BARE,
        () -> {
          throw new InterruptedException();
        });
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> trial(0).run(2, _ -> {}));
    assertThat(turns).containsExactly("segue");
  }

  private Trial trial(int warmUps) {
    return new Trial(
        new Subject("round-trip", "round trip", "µs", true), warmUps, samplers, List.of(LOKY));
  }
}
