package dev.segue.cli;

import dev.segue.Async;
import dev.segue.futures.ReturnWhen;
import dev.segue.futures.TaskOptions;
import dev.segue.process.ProcessPoolExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** A program with pools that the tests look into; it knows nothing of them. */
final class Mill {
  private Mill() {}

  /** Runs until it is killed; with {@code loop}, there is also a loop, and a thread pool. */
  public static void main(String... arguments) throws InterruptedException {
    var pool = ProcessPoolExecutor.builder().maxWorkers(1).build();
    pool.submit(TaskOptions.named("grind"), Mill::sleep);
    pool.submit(TaskOptions.named("sift"), Mill::sleep);
    pool.submit(TaskOptions.named("pack"), Mill::sleep);
    while (pool.workers().stream().noneMatch(worker -> worker.currentTask().equals("grind"))) {
      Thread.sleep(1);
    }
    if (arguments.length > 0) {
      Async.run(Mill::serve);
    } else {
      IO.println("open");
      sleep();
    }
  }

  private static void serve() {
    var threads = Executors.newFixedThreadPool(1);
    var begun = new CompletableFuture<Boolean>();
    Runnable body =
        () -> {
          begun.complete(true);
          sleep();
        };
    var first = Async.createTask("first", () -> Async.runInExecutor(threads, body));
    var second = Async.createTask("second", () -> Async.runInExecutor(threads, body));
    Async.createTask(
        "opener", // which begins once the others wait
        () -> {
          Async.await(begun);
          IO.println("open");
        });
    var _ = Async.waitFor(List.of(first, second), ReturnWhen.FIRST_COMPLETED);
  }

  private static boolean sleep() {
    try {
      Thread.sleep(Duration.ofHours(1));
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }
}
