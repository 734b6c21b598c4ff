package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code invokeAll}, with and without a time-out. */
public abstract class InvokeAllContract extends SharedExecutorContract {
  @Test
  void refusesNull() {
    assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(null));
    assertThatNullPointerException()
        .isThrownBy(() -> executor.invokeAll(null, 1, TimeUnit.SECONDS));
    assertThatNullPointerException()
        .isThrownBy(() -> executor.invokeAll(List.of(task(() -> 1)), 1, null));
  }

  @Test
  void refusesANullElement() {
    var tasks = Arrays.asList(task(() -> 1), null);
    assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(tasks));
    assertThatNullPointerException()
        .isThrownBy(() -> executor.invokeAll(tasks, 1, TimeUnit.SECONDS));
  }

  @Test
  void ofNothingIsNothing() throws Exception {
    assertThat(executor.invokeAll(List.<Callable<String>>of())).isEmpty();
    assertThat(executor.invokeAll(List.<Callable<String>>of(), 1, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void returnsTheFuturesInTheTasksOrderAllDone() throws Exception {
    var tasks = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 20; i++) {
      int n = i;
      tasks.add(
          task(() -> {
            Thread.sleep(n % 3);
            return n;
          }));
    }
    var futures = executor.invokeAll(tasks);
    assertThat(futures).allMatch(Future::isDone);
    assertThat(futures.stream().map(Future::resultNow)).containsExactlyElementsOf(numbers(20));
    var timed = executor.invokeAll(tasks, 1, TimeUnit.MINUTES);
    assertThat(timed.stream().map(Future::resultNow)).containsExactlyElementsOf(numbers(20));
  }

  private static List<Integer> numbers(int count) {
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  @Test
  void aFailureIsInItsFutureAndTheOthersRun() throws Exception {
    var futures =
        executor.invokeAll(
            List.of(InvokeAllContract.<Integer>failing("one"), task(() -> 2), failing("three")));
    assertThat(futures)
        .extracting(Future::state)
        .containsExactly(Future.State.FAILED, Future.State.SUCCESS, Future.State.FAILED);
  }

  @Test
  void whenTheTimeIsUpWhatIsNotDoneIsCancelled() throws Exception {
    for (int seconds = 1; ; seconds *= 2) { // enough for both to begin, also on a busy machine
      var blocker = blocker();
      var tasks = List.of(task(() -> "quick"), blocker);
      var futures = executor.invokeAll(tasks, seconds, TimeUnit.SECONDS);
      assertThat(futures).allMatch(Future::isDone);
      assertThat(futures.getLast().isCancelled()).isTrue();
      if (futures.getFirst().state() == Future.State.SUCCESS && blocker.begun().isRaised()) {
        blocker.interrupted().await();
        return;
      }
    }
  }

  @Test
  void withoutAnyTimeEverythingIsDoneSomehow() throws Exception {
    for (long timeout : new long[] {0, -1, Long.MIN_VALUE}) {
      var futures =
          executor.invokeAll(List.of(blocker(), blocker(), blocker()), timeout, TimeUnit.SECONDS);
      assertThat(futures).hasSize(3).allMatch(Future::isDone).allMatch(Future::isCancelled);
    }
  }

  @Test
  void anInterruptThrowsAndCancelsTheRest() throws Exception {
    cancelsWhatRuns((own, blocker) -> own.invokeAll(List.of(task(() -> "quick"), blocker)));
    cancelsWhatRuns((own, blocker) -> own.invokeAll(List.of(blocker), 1, TimeUnit.MINUTES));
  }

  private interface Call {
    void on(ExecutorService own, Blocker blocker) throws Exception;
  }

  /** Interrupts the call; its blocker may then never begin, but may not go on. */
  private void cancelsWhatRuns(Call call) throws Exception {
    var own = newExecutor(2);
    var blocker = blocker();
    assertThat(thrownWhenInterrupted(() -> call.on(own, blocker)))
        .isInstanceOf(InterruptedException.class);
    own.shutdown();
    assertThat(own.awaitTermination(30, TimeUnit.SECONDS)).as("nothing is left running").isTrue();
    assertThat(blocker.interrupted().isRaised()).isEqualTo(blocker.begun().isRaised());
  }

  @Test
  void afterShutdownIsRejected() {
    var other = newExecutor(1);
    other.close();
    assertThatThrownBy(() -> other.invokeAll(List.of(task(() -> 1))))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> other.invokeAll(List.of(task(() -> 1)), 1, TimeUnit.SECONDS))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
