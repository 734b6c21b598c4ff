package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.SerializableRunnable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code execute} and the three kinds of {@code submit}. */
public abstract class SubmitContract extends SharedExecutorContract {
  private static final SerializableRunnable NOTHING = () -> {};

  @Test
  void executeRefusesNull() {
    assertThatNullPointerException().isThrownBy(() -> executor.execute((Runnable) null));
  }

  @Test
  void submitRefusesNull() {
    assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<?>) null));
    assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null));
    assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null, "result"));
  }

  @Test
  void aCallablesFutureEndsWithItsValue() throws Exception {
    assertThat(executor.submit(task(() -> "value")).get()).isEqualTo("value");
  }

  @Test
  void aCallableMayReturnNull() throws Exception {
    assertThat(executor.submit(task(() -> null)).get()).isNull();
  }

  @Test
  void aRunnablesFutureEndsWithNull() throws Exception {
    var ran = signal("ran");
    SerializableRunnable body = ran::raise;
    assertThat(executor.submit((Runnable) body).get()).isNull();
    assertThat(ran.isRaised()).isTrue();
  }

  @Test
  void aRunnablesResultIsTheVeryObject() throws Exception {
    var result = new Object(); // not even serializable
    assertThat(executor.submit((Runnable) NOTHING, result).get()).isSameAs(result);
  }

  @Test
  void aRunnablesResultMayBeNull() throws Exception {
    assertThat(executor.submit((Runnable) NOTHING, null).get()).isNull();
  }

  @Test
  void aFailedRunnableHasNoResult() {
    SerializableRunnable body =
        () -> {
          throw new IllegalStateException("no");
        };
    assertThatThrownBy(() -> executor.submit((Runnable) body, "result").get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void executeRunsItsTask() throws Exception {
    var ran = signal("ran");
    SerializableRunnable body = ran::raise;
    executor.execute((Runnable) body);
    ran.await();
  }

  @Test
  void whatAnExecutedTaskThrowsReachesTheUncaughtExceptionHandler() throws Exception {
    var before = Thread.getDefaultUncaughtExceptionHandler();
    var thrown = new CompletableFuture<Throwable>();
    Thread.setDefaultUncaughtExceptionHandler((_, t) -> thrown.complete(t));
    try {
      SerializableRunnable body =
          () -> {
            throw new IllegalStateException("nobody has the future");
          };
      executor.execute((Runnable) body);
      assertThat(thrown.get(120, TimeUnit.SECONDS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("nobody has the future");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(executor.submit(task(() -> "others go on")).get()).isEqualTo("others go on");
  }

  @Test
  void whatASubmittedTaskThrowsDoesNot() throws Exception {
    var before = Thread.getDefaultUncaughtExceptionHandler();
    var thrown = new CompletableFuture<Throwable>();
    Thread.setDefaultUncaughtExceptionHandler((_, t) -> thrown.complete(t));
    try {
      assertThatThrownBy(() -> executor.submit(failing("seen")).get())
          .isInstanceOf(ExecutionException.class);
      assertThat(executor.submit(task(() -> 1)).get()).isEqualTo(1);
      assertThat(thrown).isNotDone();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void asManyTasksRunAtATimeAsThereAreWorkers() throws Exception {
    var one = blocker();
    var other = blocker();
    var futures = List.of(executor.submit(one), executor.submit(other));
    one.begun().await();
    other.begun().await();
    one.release().raise();
    other.release().raise();
    for (var future : futures) {
      assertThat(future.get()).isEqualTo("released");
    }
  }

  @Test
  void tasksBeginInTheirOrder() throws Exception {
    try (var alone = newExecutor(1)) {
      List<Future<Long>> begins = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        begins.add(alone.submit(task(System::nanoTime)));
      }
      long before = Long.MIN_VALUE;
      for (var begin : begins) {
        assertThat(begin.get()).isGreaterThan(before);
        before = begin.get();
      }
    }
  }
}
