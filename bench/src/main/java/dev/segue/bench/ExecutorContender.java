package dev.segue.bench;

import static dev.segue.bench.Contender.SEGUE;

import dev.segue.futures.SerializableCallable;
import dev.segue.process.ProcessPoolExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A pool in this JVM: Segue's, or the JDK's own of threads. Figures are in seconds, a second, and
 * bytes.
 */
final class ExecutorContender implements AutoCloseable {
  private static final SerializableCallable<Integer> ONE = () -> 1;

  private final Contender contender;
  private final int workers;
  private final ExecutorService pool;
  private @Nullable Path aotCache;

  ExecutorContender(Contender contender, int workers) {
    this.contender = contender;
    this.workers = workers;
    this.pool = newPool(contender.id(), workers);
  }

  /** A new pool of the contender with this id. */
  static ExecutorService newPool(String contender, int workers) {
    return contender.equals(SEGUE.id()) ? newProcessPool(workers) : new ForkJoinPool(workers);
  }

  private static ProcessPoolExecutor newProcessPool(int workers) {
    return ProcessPoolExecutor.builder().maxWorkers(workers).build();
  }

  double roundTrip(Duration atLeast) throws Exception {
    int count = 0;
    var watch = new Stopwatch();
    while (watch.isBefore(atLeast)) {
      pool.submit(ONE).get();
      count++;
    }
    return watch.seconds() / count;
  }

  double atOnce(int tasks) throws Exception {
    var futures = new ArrayList<Future<Integer>>(tasks);
    var watch = new Stopwatch();
    for (int i = 0; i < tasks; i++) {
      futures.add(pool.submit(ONE));
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
    return firstResult(contender.id(), workers);
  }

  static double firstResult(String contender, int workers) throws Exception {
    var watch = new Stopwatch();
    try (var pool = newPool(contender, workers)) {
      pool.submit(ONE).get();
      return watch.seconds();
    }
  }

  double firstResultInAFreshJvm() throws IOException, InterruptedException {
    return Processes.runJvm(List.of(), FirstResultMain.class, firstResultArguments());
  }

  /** The cache is made by a first run, which does not count. */
  double firstResultWithAnAotCache() throws IOException, InterruptedException {
    var cache = aotCache;
    if (cache == null) {
      cache = Files.createTempFile("segue-bench", ".aot");
      aotCache = cache;
      var training = List.of("-XX:AOTCacheOutput=" + cache);
      Processes.printed(Processes.newJvm(training, FirstResultMain.class, firstResultArguments()));
    }
    // Without the second option, a JVM that cannot use the cache would go on without it.
    var options = List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
    return Processes.runJvm(options, FirstResultMain.class, firstResultArguments());
  }

  private String[] firstResultArguments() {
    return new String[] {contender.id(), String.valueOf(workers)};
  }

  double sort(int lists) throws IOException, InterruptedException {
    return Processes.runJvm(
        List.of(), SortMain.class, contender.id(), String.valueOf(lists), String.valueOf(workers));
  }

  double memory() throws Exception {
    try (var pool = newProcessPool(workers)) {
      pool.submit(ONE).get();
      return Processes.residentBytes(pool.workers().getFirst().pid());
    }
  }

  @Override
  public void close() throws IOException {
    pool.close();
    if (aotCache != null) {
      Files.deleteIfExists(aotCache);
    }
  }
}
