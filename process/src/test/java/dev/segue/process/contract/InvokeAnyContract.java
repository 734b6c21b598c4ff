package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** {@code invokeAny}, with and without a time-out. */
public abstract class InvokeAnyContract extends SharedExecutorContract {
  @Test
  void refusesNull() {
    assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(null));
    assertThatNullPointerException()
        .isThrownBy(() -> executor.invokeAny(null, 1, TimeUnit.SECONDS));
    assertThatNullPointerException()
        .isThrownBy(() -> executor.invokeAny(List.of(task(() -> 1)), 1, null));
  }

  @Test
  void refusesANullElement() {
    var tasks = Arrays.asList(InvokeAnyContract.<Integer>failing("no"), null);
    assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(tasks));
    assertThatNullPointerException()
        .isThrownBy(() -> executor.invokeAny(tasks, 1, TimeUnit.SECONDS));
  }

  @Test
  void refusesNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> executor.invokeAny(List.<Callable<String>>of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> executor.invokeAny(List.<Callable<String>>of(), 1, TimeUnit.SECONDS));
  }

  @Test
  void returnsAResult() throws Exception {
    assertThat(executor.invokeAny(List.of(task(() -> 1), task(() -> 2)))).isBetween(1, 2);
    assertThat(executor.invokeAny(List.of(task(() -> 1), task(() -> 2)), 1, TimeUnit.MINUTES))
        .isBetween(1, 2);
  }

  @Test
  void passesOverFailures() throws Exception {
    var tasks = List.of(InvokeAnyContract.<Integer>failing("one"), task(() -> 2));
    assertThat(executor.invokeAny(tasks)).isEqualTo(2);
    assertThat(executor.invokeAny(tasks, 1, TimeUnit.MINUTES)).isEqualTo(2);
  }

  @Test
  void aResultMayBeNull() throws Exception {
    assertThat(executor.invokeAny(List.of(InvokeAnyContract.<String>task(() -> null)))).isNull();
  }

  @Test
  void whenAllFailOneOfTheFailuresIsTheCause() {
    var tasks = List.of(failing("no"), failing("no"), failing("no"));
    assertThatThrownBy(() -> executor.invokeAny(tasks))
        .isExactlyInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no");
    assertThatThrownBy(() -> executor.invokeAny(tasks, 1, TimeUnit.MINUTES))
        .isExactlyInstanceOf(ExecutionException.class);
  }

  @Test
  void theOthersAreCancelled() throws Exception {
    var blocker = blocker();
    var begun = blocker.begun();
    var quick =
        task(() -> {
          begun.await();
          return "quick";
        });
    assertThat(executor.invokeAny(List.of(blocker, quick))).isEqualTo("quick");
    blocker.interrupted().await();
  }

  @Test
  void whenTheTimeIsUpItThrowsAndCancels() throws Exception {
    for (int seconds = 1; ; seconds *= 2) { // enough for it to begin, also on a busy machine
      int time = seconds;
      var blocker = blocker();
      assertThatThrownBy(() -> executor.invokeAny(List.of(blocker), time, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      if (blocker.begun().isRaised()) {
        blocker.interrupted().await();
        return;
      }
    }
  }

  @Test
  void withoutAnyTimeItThrows() {
    for (long timeout : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> executor.invokeAny(List.of(blocker()), timeout, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void anInterruptThrowsAndCancels() throws Exception {
    var blocker = blocker();
    var thread =
        Thread.ofPlatform()
            .start(() ->
                assertThatThrownBy(() -> executor.invokeAny(List.of(blocker)))
                    .isInstanceOf(InterruptedException.class));
    blocker.begun().await();
    thread.interrupt();
    thread.join();
    blocker.interrupted().await();
  }

  @Test
  void afterShutdownIsRejected() {
    var other = newExecutor(1);
    other.close();
    assertThatThrownBy(() -> other.invokeAny(List.of(task(() -> 1))))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> other.invokeAny(List.of(task(() -> 1)), 1, TimeUnit.SECONDS))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
