package dev.segue.testing;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.EventLoop;
import dev.segue.futures.ReturnWhen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What virtual time does when nothing outside the loop has a part in it. */
class VirtualClockTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration TWO_HUNDRED_YEARS = Duration.ofDays(200 * 365);

  private final VirtualClock clock = new VirtualClock();
  private final EventLoop loop = EventLoop.builder().clock(clock).build();

  @AfterEach
  void close() {
    loop.close();
  }

  private Duration elapsed() {
    return Duration.ofNanos(clock.nanoTime());
  }

  // --- reading it

  @Test
  void startsAtAFixedInstant() {
    assertThat(clock.nanoTime()).isZero();
    assertThat(clock.instant()).isEqualTo("2026-01-01T00:00:00Z").isEqualTo(VirtualClock.START);
  }

  @Test
  void startsWhereItIsTold() {
    var summer = Instant.parse("2030-07-01T12:00:00Z");
    var clock = new VirtualClock(summer);
    assertThat(clock.instant()).isEqualTo(summer);
    assertThat(clock.nanoTime()).isZero();
  }

  @Test
  void theLoopsClockReadsVirtualTime() {
    loop.run(() -> {
      Async.sleep(HOUR);
      assertThat(Async.currentLoop().clock().instant())
          .isEqualTo(VirtualClock.START.plus(HOUR))
          .isEqualTo(clock.instant());
    });
  }

  @Test
  void saysWhatTimeItIs() {
    assertThat(clock).hasToString("virtual clock at 2026-01-01T00:00:00Z");
  }

  @Test
  void refusesNoStart() {
    assertThatNullPointerException()
        .isThrownBy(() -> new VirtualClock(null))
        .withMessageContaining("start");
  }

  // --- sleeping

  @Test
  void anHourOfSleepsTakesNoTime() {
    long before = System.nanoTime();
    loop.run(() -> {
      for (int i = 0; i < 3600; i++) {
        Async.sleep(SECOND);
      }
    });
    assertThat(elapsed()).isEqualTo(HOUR);
    assertThat(System.nanoTime() - before).isLessThan(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void tasksSleepAtTheSameTime() {
    loop.run(() -> Async.gather(() -> Async.sleep(HOUR), () -> Async.sleep(HOUR)));
    assertThat(elapsed()).isEqualTo(HOUR);
  }

  @Test
  void sleepersWakeInTheOrderOfTheirDeadlinesEachAtItsOwn() {
    var woken = new ArrayList<String>();
    loop.run(() ->
        Async.map(
            List.of(3, 1, 2, 1),
            4,
            seconds -> {
              Async.sleep(Duration.ofSeconds(seconds));
              return woken.add(Async.currentTask().name() + " at " + elapsed().toSeconds());
            }));
    assertThat(woken).containsExactly("task-3 at 1", "task-5 at 1", "task-4 at 2", "task-2 at 3");
  }

  @Test
  void sleepersOfOneDeadlineWakeInTheOrderInWhichTheyFellAsleep() {
    var woken = new ArrayList<Integer>();
    loop.run(() ->
        Async.map(
            List.of(5, 4, 3, 2, 1, 0),
            6,
            seconds -> {
              Async.sleep(Duration.ofSeconds(seconds));
              Async.sleep(Duration.ofSeconds(5 - seconds)); // all until 5 s
              return woken.add(seconds);
            }));
    assertThat(woken).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void aNanosecondIsNotRounded() {
    loop.run(() -> Async.sleep(Duration.ofNanos(1)));
    assertThat(elapsed()).isEqualTo(Duration.ofNanos(1));
  }

  @Test
  void timeStandsStillWhileATaskIsReady() {
    loop.run(() -> {
      Async.createTask(() -> Async.sleep(SECOND));
      for (int i = 0; i < 1000; i++) {
        Async.checkpoint();
      }
      assertThat(elapsed()).isZero();
    });
  }

  @Test
  void whatIsLeftWhenMainEndsMovesNoTime() {
    loop.run(() -> Async.createTask(() -> Async.sleep(HOUR)));
    assertThat(elapsed()).isZero();
  }

  @Test
  void timeGoesOnFromRunToRun() {
    loop.run(() -> Async.sleep(HOUR));
    loop.run(() -> Async.sleep(HOUR));
    assertThat(elapsed()).isEqualTo(HOUR.multipliedBy(2));
  }

  @Test
  void aStartedLoopWithNothingToDoMovesNoTime() throws Exception {
    var idle = new VirtualClock();
    try (var started = EventLoop.builder().clock(idle).start()) {
      started.submit(() -> Async.sleep(SECOND)).get();
      Loops.awaitParked(started);
      assertThat(idle.nanoTime()).isEqualTo(SECOND.toNanos());
    }
  }

  // --- time-outs

  @Test
  void theInnerOfTwoTimeoutsEndsFirst() {
    loop.run(() -> {
      assertThatThrownBy(
              () -> Async.timeout(HOUR, () -> Async.timeout(SECOND, () -> Async.sleep(FOREVER))))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("PT1S");
      assertThat(elapsed()).isEqualTo(SECOND);
    });
  }

  @Test
  void aTimeoutThatWasNotNeededMovesNoTime() throws Exception {
    loop.run(() -> Async.timeout(HOUR, () -> Async.sleep(SECOND)));
    assertThat(elapsed()).isEqualTo(SECOND);
  }

  @Test
  void waitForGivesUpInVirtualTime() {
    loop.run(() -> {
      var quick = Async.createTask(() -> Async.sleep(SECOND));
      var slow = Async.createTask(() -> Async.sleep(DAY));
      var done = Async.waitFor(List.of(quick, slow), ReturnWhen.ALL_COMPLETED, HOUR);
      assertThat(done.done()).containsExactly(quick);
      assertThat(elapsed()).isEqualTo(HOUR);
    });
  }

  @Test
  void aScopesRemainingTimeIsVirtual() {
    loop.run(() -> {
      var scope = CancelScope.within(HOUR);
      scope.run(() -> {
        Async.sleep(Duration.ofMinutes(20));
        assertThat(scope.remaining()).contains(Duration.ofMinutes(40));
        scope.reschedule(DAY);
        Async.sleep(HOUR);
        assertThat(scope.remaining()).contains(Duration.ofHours(23));
      });
    });
  }

  @Test
  void sleepingForEverIsEndedByATimeout() {
    assertThatThrownBy(() -> loop.run(() -> Async.timeout(DAY, () -> Async.sleep(FOREVER))))
        .isInstanceOf(TimeoutException.class);
    assertThat(elapsed()).isEqualTo(DAY);
  }

  @Test
  void aDeadlinePastTheEndOfTimeNeverComes() {
    loop.run(() -> {
      Async.sleep(TWO_HUNDRED_YEARS);
      var never = Async.createTask(() -> Async.sleep(TWO_HUNDRED_YEARS));
      Async.sleep(DAY);
      assertThat(never.isDone()).isFalse();
    });
    assertThat(elapsed()).isEqualTo(TWO_HUNDRED_YEARS.plus(DAY));
  }

  @Test
  void aCompletableFutureThatNobodyCompletesDoesNotHoldTime() {
    assertThatThrownBy(
            () -> loop.run(() -> Async.timeout(HOUR, () -> Async.await(new CompletableFuture<>()))))
        .isInstanceOf(TimeoutException.class);
    assertThat(elapsed()).isEqualTo(HOUR);
  }

  // --- advancing it by hand

  @Test
  void advanceMovesTimeAndLetsNobodyElseRun() {
    loop.run(() -> {
      var other = Async.createTask(() -> {});
      clock.advance(HOUR);
      assertThat(elapsed()).isEqualTo(HOUR);
      assertThat(other.isDone()).isFalse();
    });
  }

  @Test
  void whatIsDueByTheEndOfAnAdvanceFiresInOrderOnTheNextTurn() {
    var woken = new ArrayList<String>();
    loop.run(() -> {
      for (var seconds : List.of(2, 1, 9)) {
        Async.createTask(() -> {
          Async.sleep(Duration.ofSeconds(seconds));
          woken.add(seconds + " at " + elapsed().toSeconds());
        });
      }
      Async.checkpoint(); // they fall asleep
      clock.advance(Duration.ofSeconds(5));
      assertThat(woken).isEmpty();
      Async.sleep(Duration.ofSeconds(10));
    });
    assertThat(woken).containsExactly("1 at 5", "2 at 5", "9 at 9");
  }

  @Test
  void aTaskThatComputesPastItsTimeoutIsCancelledAtItsNextWait() {
    assertThatThrownBy(() ->
            loop.run(() ->
                Async.timeout(
                    SECOND,
                    () -> {
                      clock.advance(HOUR);
                      Async.checkpoint();
                    })))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void advancingByNothingIsAllowed() {
    loop.run(() -> clock.advance(Duration.ZERO));
    assertThat(elapsed()).isZero();
  }

  @Test
  void timeDoesNotGoBack() {
    loop.run(() ->
        assertThatIllegalArgumentException()
            .isThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
            .withMessageContaining("PT1S"));
  }

  @Test
  void timeDoesNotOverflow() {
    loop.run(() -> {
      clock.advance(TWO_HUNDRED_YEARS);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> clock.advance(TWO_HUNDRED_YEARS))
          .withMessageContaining("292 years");
      assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(FOREVER));
      assertThat(elapsed()).isEqualTo(TWO_HUNDRED_YEARS);
    });
  }

  @Test
  void advanceRefusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> clock.advance(null))
        .withMessageContaining("duration");
  }

  @Test
  void aThreadOutsideTheLoopCannotAdvance() {
    assertThatIllegalStateException().isThrownBy(() -> clock.advance(SECOND));
    loop.run(() ->
        Async.toThread(
            () -> assertThatIllegalStateException().isThrownBy(() -> clock.advance(SECOND))));
    assertThat(elapsed()).isZero();
  }

  @Test
  void aTaskOfAnotherLoopCannotAdvance() {
    Async.run(() ->
        assertThatIllegalStateException()
            .isThrownBy(() -> clock.advance(SECOND))
            .withMessageContaining("another clock"));
    assertThat(elapsed()).isZero();
  }

  // --- several loops

  @Test
  void twoLoopsHaveTwoTimes() {
    var otherClock = new VirtualClock();
    try (var other = EventLoop.builder().clock(otherClock).start()) {
      loop.run(() -> {
        var task = other.submit(() -> Async.sleep(DAY));
        Async.sleep(HOUR);
        task.await();
      });
    }
    assertThat(elapsed()).isEqualTo(HOUR);
    assertThat(otherClock.instant()).isEqualTo(VirtualClock.START.plus(DAY));
  }

  @Test
  void aSecondLoopAtTheSameTimeIsRefused() {
    var log = Logger.getLogger("dev.segue"); // which gets a broken loop's stack
    log.setLevel(Level.OFF);
    loop.run(() -> {
      Async.sleep(SECOND);
      Async.toThread(() -> {
        var second = EventLoop.builder().name("second").clock(clock).build();
        assertThatIllegalStateException()
            .isThrownBy(() -> second.run(() -> Async.sleep(SECOND)))
            .havingCause()
            .withMessageContaining(loop.name())
            .withMessageContaining("one loop");
      });
      assertThat(elapsed()).isEqualTo(SECOND);
    });
    log.setLevel(null);
  }

  @Test
  void aLoopAfterAnotherMayGoOnWithItsClock() {
    loop.run(() -> Async.sleep(SECOND));
    try (var next = EventLoop.builder().clock(clock).build()) {
      next.run(() -> Async.sleep(SECOND));
    }
    assertThat(elapsed()).isEqualTo(SECOND.multipliedBy(2));
  }
}
