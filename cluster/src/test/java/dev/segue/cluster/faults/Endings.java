package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.WorkFuture;
import dev.segue.process.faults.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often futures and their work end. Not safe for use by several threads. */
final class Endings {
  private record Watched(Future<?> future, AtomicInteger done, AtomicInteger ended) {}

  private final List<Watched> all = new ArrayList<>();

  <T> Future<T> watch(Future<T> future) {
    var watched = new Watched(future, new AtomicInteger(), new AtomicInteger());
    var work = (WorkFuture<?>) future;
    work.whenDone(watched.done()::incrementAndGet);
    var _ = work.ended().thenRun(watched.ended()::incrementAndGet);
    all.add(watched);
    return future;
  }

  /** Waits until the work of all has ended. */
  void await() {
    for (var watched : all) {
      Await.until(
          "the work of " + watched.future() + " has ended", () -> watched.ended().get() > 0);
    }
  }

  /** Waits until the work of all has ended, and fails if anything has ended more than once. */
  void assertOnceEach() {
    await();
    for (var watched : all) {
      assertThat(watched.future()).isDone();
      assertThat(watched.done()).as("ends of %s", watched.future()).hasValue(1);
      assertThat(watched.ended()).as("ends of the work of %s", watched.future()).hasValue(1);
    }
  }
}
