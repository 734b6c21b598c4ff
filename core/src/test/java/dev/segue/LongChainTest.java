package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred thousand tasks, each waiting for the next. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongChainTest extends OnManualClock {
  private static final int LENGTH = 100_000;

  @Test
  void eachAwaitsTheOneCreatedBefore() throws Exception {
    run(() -> {
      var gate = new CompletableFuture<Integer>();
      Task<Integer> last = Async.createTask(() -> Async.await(gate));
      for (int i = 1; i < LENGTH; i++) {
        var before = last;
        last = Async.createTask(() -> before.await() + 1);
      }
      Async.checkpoint();
      gate.complete(1);
      assertThat(last.await()).isEqualTo(LENGTH);
    });
  }

  @Test
  void eachAwaitsTheOneCreatedAfter() throws Exception {
    run(() -> {
      var gate = new CompletableFuture<Integer>();
      var tasks = new ArrayList<Task<Integer>>(LENGTH);
      for (int i = 0; i < LENGTH; i++) {
        int next = i + 1;
        tasks.add(
            Async.createTask(
                () -> next == LENGTH ? Async.await(gate) : tasks.get(next).await() + 1));
      }
      Async.checkpoint();
      gate.complete(1);
      assertThat(tasks.getFirst().await()).isEqualTo(LENGTH);
    });
  }

  @Test
  void aFailureAtItsEndReachesItsBeginning() throws Exception {
    var failure = new IllegalStateException("at the end");
    run(() -> {
      Task<Integer> last =
          Async.createTask(() -> {
            throw failure;
          });
      for (int i = 1; i < LENGTH; i++) {
        var before = last;
        last = Async.createTask(() -> before.await() + 1);
      }
      assertThatThrownBy(last::await).isInstanceOf(CompletionException.class).hasCause(failure);
    });
    assertThat(unobserved).isEmpty();
  }

  @Test
  void theEndOfTheRunCancelsAllOfIt() throws Exception {
    var tasks = new ArrayList<Task<Integer>>(LENGTH);
    run(() -> {
      for (int i = 0; i < LENGTH; i++) {
        int next = i + 1;
        tasks.add(
            Async.createTask(() -> {
              if (next == LENGTH) {
                Async.sleep(FOREVER);
              }
              return tasks.get(next).await();
            }));
      }
      Async.checkpoint();
    });
    assertThat(tasks).allMatch(Task::isCancelled);
  }

  @Test
  void aRingIsFoundWhenTheLoopHasNothingElseToDo() throws Exception {
    int length = 5_000;
    run(() -> {
      var tasks = new ArrayList<Task<Integer>>(length);
      for (int i = 0; i < length; i++) {
        int next = (i + 1) % length;
        tasks.add(Async.createTask(() -> tasks.get(next).await()));
      }
      var thrown = catchThrowable(() -> tasks.getFirst().await());
      assertThat(thrown).isInstanceOf(CompletionException.class);
      assertThat(thrown).rootCause().isInstanceOf(DeadlockException.class);
      assertThat(((DeadlockException) rootOf(thrown)).path()).hasSize(length);
    });
  }

  private static Throwable rootOf(Throwable thrown) {
    return thrown.getCause() == null ? thrown : rootOf(thrown.getCause());
  }
}
