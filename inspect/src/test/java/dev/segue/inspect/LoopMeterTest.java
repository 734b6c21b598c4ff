package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Stall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopMeterTest {
  private final LoopMeter meter = new LoopMeter();

  private void run(Action<RuntimeException> body) {
    try (var loop = EventLoop.builder().name("main").instrument(meter).build()) {
      loop.run(body);
    }
  }

  private static void compute(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void stepsAndTasksAreCounted() {
    run(() -> {
      Async.createTask(() -> {}).await();
      Async.checkpoint();
    });
    var seen = meter.statistics();
    assertThat(seen.loop()).isEqualTo("main");
    assertThat(seen.createdTasks()).isEqualTo(2);
    assertThat(seen.succeededTasks()).isEqualTo(2);
    assertThat(seen.liveTasks()).isZero();
    assertThat(seen.steps()).isEqualTo(4);
  }

  @Test
  void aLoopThatSleepsIsIdleAndOneThatComputesIsBusy() {
    var looks = new ArrayList<LoopStatistics>();
    run(() -> {
      looks.add(meter.statistics());
      compute(Duration.ofMillis(300));
      looks.add(meter.statistics());
      Async.sleep(Duration.ofMillis(300));
      looks.add(meter.statistics());
    });
    assertThat(looks.get(1).utilizationSince(looks.get(0))).isGreaterThan(0.9);
    assertThat(looks.get(2).utilizationSince(looks.get(1))).isLessThan(0.5);
    assertThat(looks.get(2).longestStep()).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void aLoopThatHasEndedIsIdle() {
    run(() -> {});
    var before = meter.statistics();
    compute(Duration.ofMillis(2));
    assertThat(meter.statistics().utilizationSince(before)).isZero();
  }

  @Test
  void theLatestTimerAfterAHoldIsTheDelay() {
    run(() -> {
      for (int millis : List.of(50, 1, 30)) {
        Async.createTask(() -> Async.sleep(Duration.ofMillis(millis)));
      }
      Async.checkpoint();
      compute(Duration.ofMillis(60));
      Async.checkpoint();
    });
    assertThat(meter.statistics().longestDelay()).isGreaterThan(Duration.ofMillis(58));
  }

  @Test
  void aLongStallCountsOnce() {
    try (var loop = EventLoop.builder().build()) {
      for (int step : List.of(7, 7, 7, 9, 9)) {
        meter.stalled(
            new Stall(loop, null, step, Duration.ofMillis(100), Stall.Cause.LOOP, List.of()));
      }
    }
    assertThat(meter.statistics().stalls()).containsExactly(Map.entry(Stall.Cause.LOOP, 2L));
  }

  @Test
  void oneThatIsAddedLaterCountsNoOlderTasks() {
    try (var loop = EventLoop.builder().build()) {
      loop.run(() -> {
        var older = Async.createTask(() -> {});
        loop.addInstrument(meter);
        older.await();
        Async.createTask(() -> {}).await();
      });
    }
    var seen = meter.statistics();
    assertThat(seen.createdTasks()).isEqualTo(1);
    assertThat(seen.succeededTasks()).isEqualTo(1);
  }
}
