package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TurnTest {
  private static final long MS = 1_000_000;

  private static Turn of(double rate, Callable<?>... jobs) {
    return new Turn(List.of(jobs), rate);
  }

  private static Callable<?> sleep(long millis) {
    return () -> {
      Thread.sleep(millis);
      return null;
    };
  }

  private static void runHere(Turn turn) throws InterruptedException {
    turn.begin();
    turn.feed(turn::run);
    turn.await();
  }

  @Test
  void aJobThatHadToWaitForAnotherIsLate() throws Exception {
    var turn = of(0, sleep(30), () -> 2);
    runHere(turn);
    assertThat(turn.latencies().getMinValue()).isGreaterThanOrEqualTo(29 * MS);
  }

  @Test
  void atARateALateSubmissionIsNotLeftOut() throws Exception {
    var turn = of(1_000, sleep(50), () -> 2, () -> 3); // due at 0, 1 and 2 ms
    runHere(turn);
    assertThat(turn.latencies().getMinValue()).isGreaterThanOrEqualTo(47 * MS);
  }

  @Test
  void atARateNoneIsSubmittedBeforeItIsDue() throws Exception {
    var turn = of(100, () -> 1, () -> 2, () -> 3);
    var submitted = new ArrayList<Long>();
    turn.begin();
    turn.feed(job -> {
      submitted.add(System.nanoTime() - turn.start());
      turn.run(job);
    });
    assertThat(submitted.get(1)).isGreaterThanOrEqualTo(10 * MS);
    assertThat(submitted.get(2)).isGreaterThanOrEqualTo(20 * MS);
  }

  @Test
  void theTimeOfAJobIsWithoutThatOfTheOneBefore() throws Exception {
    var turn = of(0, sleep(60), sleep(1));
    runHere(turn);
    assertThat(turn.times()[0]).isGreaterThanOrEqualTo(60 * MS);
    assertThat(turn.times()[0] + turn.times()[1]).isEqualTo(turn.wall());
  }

  @Test
  void aJobThatThrowsEndsAsAnyOther() throws Exception {
    var failure = new IllegalStateException("on purpose");
    var turn =
        of(
            0,
            () -> {
              throw failure;
            },
            () -> 2);
    runHere(turn);
    assertThat(turn.failure(0)).isSameAs(failure);
    assertThat(turn.failure(1)).isNull();
    assertThat(turn.result(1)).isEqualTo(2);
  }

  @Test
  void whatCannotBeSubmittedEndsWithAllThatFollow() throws Exception {
    var refusal = new RejectedExecutionException("no room");
    var turn = of(0, () -> 1, () -> 2, () -> 3);
    turn.begin();
    turn.feed(job -> {
      if (job == 1) {
        throw refusal;
      }
      turn.run(job);
    });
    turn.await();
    assertThat(turn.result(0)).isEqualTo(1);
    assertThat(turn.failure(1)).isSameAs(refusal);
    assertThat(turn.failure(2)).isSameAs(refusal);
  }

  @Test
  void anInterruptDoesNotReachTheNextJob() throws Exception {
    var turn =
        of(
            0,
            () -> {
              Thread.currentThread().interrupt();
              return null;
            },
            () -> Thread.currentThread().isInterrupted());
    runHere(turn);
    assertThat(turn.result(1)).isEqualTo(false);
  }

  @Test
  void theOneThatRunsIsFound() throws Exception {
    var turn = of(0, () -> 1, sleep(100_000));
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              turn.begin();
              turn.run(0);
              turn.run(1);
            });
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertThat(turn.stuck().job()).isEqualTo("job 2 of 2");
    assertThat(turn.exiting()).isNull();
    thread.interrupt();
    thread.join();
    assertThat(turn.stuck()).isNull();
  }
}
