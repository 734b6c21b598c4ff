package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.OnManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What trio's own tests fix for {@code TrioToken.run_sync_soon}, which is {@code
 * EventLoop.execute}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrioEntryQueueConformanceTest extends OnManualClock {
  private final List<String> record = new ArrayList<>();
  private final EventLoop.Builder builder = loopBuilder();

  @Test
  @Origin("trio test_run.test_TrioToken_run_sync_soon_basic")
  void aCallbackRunsLaterNotAtOnce() {
    try (var loop = builder.build()) {
      loop.run(() -> {
        Async.currentLoop().execute(() -> record.add("callback"));
        assertThat(record).isEmpty();
        settle();
        assertThat(record).containsExactly("callback");
      });
    }
  }

  @Test
  @Origin("trio test_run.test_TrioToken_run_sync_soon_too_late")
  void aCallbackThatComesAfterTheEndIsRefused() {
    EventLoop ended = Async.run(() -> Async.currentLoop());
    assertThatThrownBy(() -> ended.execute(() -> record.add("callback")))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  @Origin("trio test_run.test_TrioToken_run_sync_soon_after_main_crash")
  void aCallbackRunsThoughTheMainTaskFailsBefore() {
    var failure = new IllegalStateException("main's");
    try (var loop = builder.build()) {
      assertThatThrownBy(() ->
              loop.run(() -> {
                Async.currentLoop().execute(() -> record.add("callback"));
                throw failure;
              }))
          .isSameAs(failure);
    }
    assertThat(record).containsExactly("callback");
  }

  @Test
  @Origin(
      value = "trio test_run.test_TrioToken_run_sync_soon_crashes",
      differs =
          "in trio the crash ends the run with TrioInternalError; in Segue it goes to the exception"
              + " handler")
  void aCallbackThatThrowsStopsNobody() {
    var failure = new IllegalStateException("a callback's");
    try (var loop = builder.build()) {
      loop.run(() -> {
        Async.currentLoop()
            .execute(() -> {
              throw failure;
            });
        Async.currentLoop().execute(() -> record.add("second callback"));
        settle();
        record.add("main goes on");
      });
    }
    assertThat(record).containsExactly("second callback", "main goes on");
    assertThat(unobserved).containsExactly(failure);
  }

  @Test
  @Origin("trio test_run.test_TrioToken_run_sync_soon_FIFO")
  void callbacksRunInTheOrderInWhichTheyCame() {
    var order = new ArrayList<Integer>();
    try (var loop = builder.build()) {
      loop.run(() -> {
        for (int i = 0; i < 100; i++) {
          int number = i;
          Async.currentLoop().execute(() -> order.add(number));
        }
        settle();
      });
    }
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  @Origin("trio test_run.test_TrioToken_run_sync_soon_massive_queue")
  void thousandsOfCallbacksFromAnotherThreadKeepTheirOrder() {
    int count = 10_000;
    var order = new ArrayList<Integer>();
    try (var loop = builder.start()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        loop.execute(() -> order.add(number));
      }
    } // close waits for them
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
  }

  @Test
  @Origin("trio test_run.test_TrioToken_run_sync_soon_starvation_resistance")
  void aCallbackThatCallsItselfForEverStarvesNobody() {
    var calls = new AtomicInteger();
    try (var loop = builder.build()) {
      loop.run(() -> {
        Async.currentLoop().execute(() -> callAgain(Async.currentLoop(), calls));
        for (int i = 0; i < 20; i++) {
          Async.checkpoint();
        }
        record.add("main goes on");
      });
    }
    assertThat(record).first().isEqualTo("main goes on");
    assertThat(calls.get()).isGreaterThanOrEqualTo(19);
  }

  @Test
  @Origin("trio test_run.test_TrioToken_run_sync_soon_starvation_resistance")
  void aCallbackThatCallsItselfForEverDoesNotKeepTheRunFromEnding() {
    try (var loop = builder.build()) {
      loop.run(() -> {
        Async.currentLoop().execute(() -> callAgain(Async.currentLoop(), new AtomicInteger()));
        Async.checkpoint();
      });
    }
    assertThat(record).containsExactly("refused");
  }

  private void callAgain(EventLoop loop, AtomicInteger calls) {
    if (calls.incrementAndGet() == 100_000) {
      return; // it would go on for ever
    }
    try {
      loop.execute(() -> callAgain(loop, calls));
    } catch (RejectedExecutionException _) {
      record.add("refused");
    }
  }

  @Test
  @Origin("trio test_run.test_TrioToken_run_sync_soon_threaded_stress_test")
  void aThreadThatNeverStopsCallingNeitherStopsTheLoopNorKeepsItFromEnding() throws Exception {
    var calls = new AtomicInteger();
    var callers = new ArrayList<Thread>();
    Async.run(() -> {
      var loop = Async.currentLoop();
      callers.add(Thread.ofPlatform().start(() -> callUntilRefused(loop, calls)));
      for (int i = 0; i < 10; i++) {
        int before = calls.get();
        while (calls.get() == before) {
          Async.sleep(Duration.ofMillis(1));
        }
      }
    });
    callers.getFirst().join();
    assertThat(record).containsExactly("refused");
    assertThat(calls.get()).isGreaterThanOrEqualTo(10);
  }

  private void callUntilRefused(EventLoop loop, AtomicInteger calls) {
    try {
      while (true) {
        loop.execute(calls::incrementAndGet);
        Thread.yield();
      }
    } catch (RejectedExecutionException _) {
      record.add("refused");
    }
  }
}
