package dev.segue.bench;

import dev.segue.futures.SerializableCallable;
import dev.segue.process.ProcessPoolExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Segue's pool. Figures are in seconds, a second, and bytes. */
final class SegueContender implements AutoCloseable {
  private final int workers;
  private final ProcessPoolExecutor pool;

  SegueContender(int workers) {
    this.workers = workers;
    this.pool = newPool(workers);
  }

  private static ProcessPoolExecutor newPool(int workers) {
    return ProcessPoolExecutor.builder().maxWorkers(workers).build();
  }

  double roundTrip(Duration atLeast) throws Exception {
    int count = 0;
    var watch = new Stopwatch();
    while (watch.isBefore(atLeast)) {
      pool.submit(() -> 1).get();
      count++;
    }
    return watch.seconds() / count;
  }

  double atOnce(int tasks) throws Exception {
    var futures = new ArrayList<Future<Integer>>(tasks);
    var watch = new Stopwatch();
    for (int i = 0; i < tasks; i++) {
      futures.add(pool.submit(() -> 1));
    }
    for (var future : futures) {
      future.get();
    }
    return tasks / watch.seconds();
  }

  double lists(int[] list, int inFlight, Duration atLeast) throws Exception {
    return echoes(() -> list, inFlight, atLeast);
  }

  double payload(byte[] payload, int inFlight, Duration atLeast) throws Exception {
    return echoes(() -> payload, inFlight, atLeast);
  }

  private double echoes(SerializableCallable<?> task, int inFlight, Duration atLeast)
      throws InterruptedException, ExecutionException {
    var waiting = new ArrayDeque<Future<?>>();
    int count = 0;
    var watch = new Stopwatch();
    while (true) {
      if (watch.isBefore(atLeast) && waiting.size() < inFlight) {
        waiting.add(pool.submit(task));
      } else if (!waiting.isEmpty()) {
        waiting.remove().get();
        count++;
      } else {
        return count / watch.seconds();
      }
    }
  }

  double firstResult() throws Exception {
    return firstResult(workers);
  }

  static double firstResult(int workers) throws Exception {
    var watch = new Stopwatch();
    try (var pool = newPool(workers)) {
      pool.submit(() -> 1).get();
      return watch.seconds();
    }
  }

  double firstResultInAFreshJvm() throws IOException, InterruptedException {
    return Processes.runJvm(FirstResultMain.class, String.valueOf(workers));
  }

  double sort(int lists) throws IOException, InterruptedException {
    return Processes.runJvm(
        SortMain.class, SortMain.SEGUE, String.valueOf(lists), String.valueOf(workers));
  }

  double memory() throws Exception {
    try (var pool = newPool(workers)) {
      pool.submit(() -> 1).get();
      return Processes.residentBytes(pool.workers().getFirst().pid());
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
