package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The article's race: jobs that wait and then add to a counter they all share, without a lock.
 * Nothing is lost where one job runs at a time between two waits, as on an event loop.
 */
final class CounterWorkload implements Workload<@Nullable Void> {
  private static volatile long counter;

  @Override
  public List<SerializableCallable<@Nullable Void>> jobs(Parameters parameters) {
    counter = 0;
    return Collections.nCopies(
        parameters.count("jobs", 60),
        job(parameters.time("length", Duration.ofMillis(2)), parameters.count("updates", 50_000)));
  }

  @Override
  public Object leftBehind() {
    return counter;
  }

  private static SerializableCallable<@Nullable Void> job(Duration wait, int updates) {
    return () -> {
      Thread.sleep(wait);
      update(updates);
      return null;
    };
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // this is the fault that is to be found
  private static void update(int times) {
    for (int i = 0; i < times; i++) {
      counter++;
    }
  }
}
