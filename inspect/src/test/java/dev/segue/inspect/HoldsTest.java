package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Stall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldsTest {
  private static final List<StackTraceElement> STACK =
      List.of(new StackTraceElement("shop.Till", "count", "Till.java", 12));

  private static Span step(long task, long fromMillis, long toMillis) {
    return new Span(
        task, State.RUNNING, fromMillis * 1_000_000, toMillis * 1_000_000, null, 0, null, 0);
  }

  private static StallRecord seen(long task, long fromMillis, long toMillis, Stall.Cause cause) {
    return new StallRecord(task, fromMillis * 1_000_000, toMillis * 1_000_000, cause, STACK);
  }

  @Test
  void aHoldThatTheWatchdogSawInPartHasItsWholeLength() {
    var holds = Holds.of(List.of(seen(1, 300, 362, Stall.Cause.CPU)), List.of(step(1, 50, 429)));
    assertThat(holds).containsExactly(seen(1, 50, 429, Stall.Cause.CPU));
  }

  @Test
  void aHoldThatTheWatchdogDidNotSeeIsThereWithItsWholeLength() {
    var holds = Holds.of(List.of(), List.of(step(1, 50, 350), step(2, 350, 351)));
    assertThat(holds)
        .containsExactly(
            new StallRecord(1, 50_000_000, 350_000_000, Stall.Cause.UNKNOWN, List.of()));
  }

  @Test
  void aStallWhoseStepWasNotRecordedStaysAsItWasSeen() {
    var seen = List.of(seen(1, 50, 150, Stall.Cause.CPU), seen(0, 400, 460, Stall.Cause.LOOP));
    assertThat(Holds.of(seen, List.of(step(1, 200, 350))))
        .contains(seen.get(0), seen.get(1))
        .hasSize(3);
  }

  private static String findingOf(Stall.Cause cause) {
    var loop =
        new LoopRecording(
            "shop",
            List.of(),
            List.of(step(1, 50, 200)),
            List.of(seen(1, 50, 200, cause)),
            List.of(),
            List.of(),
            0,
            0);
    var recording =
        new Recording(
            Instant.EPOCH,
            Duration.ofSeconds(1),
            List.of(loop),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return Findings.of(recording).getFirst().title();
  }

  @Test
  void aFindingSaysIfItIsTheStartOfTheProgramOrTheMachine() {
    assertThat(findingOf(Stall.Cause.CLASS_LOADING))
        .contains("held loop 'shop' for 150 ms, most of it to load and initialize classes");
    assertThat(findingOf(Stall.Cause.NO_PROCESSOR))
        .contains("held loop 'shop' for 150 ms, most of it without a processor");
    assertThat(findingOf(Stall.Cause.CPU)).contains("held loop 'shop' for 150 ms (Till.java:12)");
  }
}
