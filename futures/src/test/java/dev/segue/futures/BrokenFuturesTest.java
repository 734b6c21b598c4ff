package dev.segue.futures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.segue.fixtures.HandDrivenExecutor;
import dev.segue.futures.internal.Failures;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Futures and executors whose own code throws where it should not, and failures in great number.
 */
@Tag("fault-injection")
@Timeout(60)
class BrokenFuturesTest {
  @Test
  void aFutureThatCannotBeWatchedLeavesNobodyWaitingForTheOthers() throws Exception {
    var blocked = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var plain =
        new FutureTask<>(() -> "value") {
          @Override
          public String get() throws InterruptedException {
            blocked.countDown();
            try {
              new CountDownLatch(1).await();
            } finally {
              interrupted.countDown();
            }
            return "";
          }
        };
    var broken =
        new CompletableFuture<String>() {
          @Override
          public CompletableFuture<String> whenComplete(
              BiConsumer<? super String, ? super Throwable> action) {
            try {
              blocked.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            throw new UnsupportedOperationException("no callbacks");
          }
        };
    var futures = List.<Future<String>>of(plain, broken);
    assertThatThrownBy(
            () -> Futures.waitFor(futures, ReturnWhen.ALL_COMPLETED, Duration.ofMinutes(5)))
        .hasMessage("no callbacks");
    interrupted.await();
  }

  /** Runs nothing, and throws where its first task is cancelled. */
  private static final class BrokenExecutor extends HandDrivenExecutor {
    private final List<Integer> cancelled = new ArrayList<>();
    private int submitted;

    @Override
    protected <T> FutureTask<T> newTaskFor(Callable<T> callable) {
      int number = ++submitted;
      return new FutureTask<>(callable) {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
          cancelled.add(number);
          if (number == 1) {
            throw new IllegalStateException("the executor's");
          }
          return super.cancel(mayInterruptIfRunning);
        }
      };
    }

    @Override
    public void execute(Runnable command) {
      if (submitted == 3) {
        throw new IllegalArgumentException("no more");
      }
    }
  }

  @Test
  void aTaskThatThrowsWhenItIsCancelledKeepsNoOtherFromBeingCancelled() {
    var executor = new BrokenExecutor();
    var results = Futures.map(executor, (Integer item) -> item, List.of(1, 2, 3)).iterator();
    assertThatThrownBy(results::hasNext)
        .hasMessage("no more")
        .satisfies(thrown ->
            assertThat(thrown.getSuppressed())
                .singleElement()
                .satisfies(suppressed -> assertThat(suppressed).hasMessage("the executor's")));
    assertThat(executor.cancelled).containsExactly(1, 2);
  }

  @Test
  void theCostOfSuppressedFailuresIsLinear() {
    long few = bytesToSuppress(1_000);
    long many = bytesToSuppress(10_000);
    assertThat(many).isLessThan(30 * few); // ten times as many; the square would be a hundred
  }

  private static long bytesToSuppress(int count) {
    var others = new ArrayList<Throwable>();
    for (int i = 0; i < count; i++) {
      others.add(new IllegalStateException("other"));
    }
    var primary = new IllegalStateException("primary");
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Failures.suppress(primary, others);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(primary.getSuppressed()).hasSize(count);
    return bytes;
  }

  @Test
  void aFailureIsSuppressedOnce() {
    var primary = new IllegalStateException("primary");
    var there = new IllegalStateException("there");
    primary.addSuppressed(there);
    var other = new IllegalStateException("other");
    Failures.suppress(primary, List.of(there, other, primary, other));
    assertThat(primary.getSuppressed()).containsExactly(there, other);
  }
}
