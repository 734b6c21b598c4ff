package dev.segue.cluster.faults;

import dev.segue.cluster.SparkExecutor;
import dev.segue.process.contract.Signal;
import dev.segue.process.faults.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** A program with a cluster on other hosts, one of which is cut off and connected again. */
final class HostProgram {
  private static final int TASKS = 400;

  private HostProgram() {}

  /**
   * Runs the program.
   *
   * @param args the addresses of the master and of this host, and a folder for signals
   */
  public static void main(String[] args) throws Exception {
    var endings = new Endings();
    try (var pool =
        SparkExecutor.builder()
            .master(args[0])
            .config("spark.driver.host", args[1])
            .config("spark.driver.bindAddress", args[1])
            .config("spark.ui.enabled", "false")
            .config("spark.executor.memory", "512m")
            .config("spark.executor.cores", "1")
            .config("spark.network.timeout", "10s")
            .config("spark.network.timeoutInterval", "1s")
            .config("spark.executor.heartbeatInterval", "1s")
            .build()) {
      var futures = new ArrayList<Future<Integer>>();
      for (int i = 0; i < TASKS; i++) {
        int n = i;
        futures.add(endings.watch(pool.submit(() -> Bodies.sleepAndReturn(n, 50))));
      }
      until(() -> pool.stats().executors() == 2 && pool.stats().succeeded() > TASKS / 10);
      raise(args[2], "begun");
      for (int i = 0; i < TASKS; i++) {
        int n = Await.result(futures.get(i));
        if (n != i) {
          throw new AssertionError(i + " is " + n);
        }
      }
      endings.assertOnceEach();
      System.out.println("right " + TASKS + ", of which again " + pool.stats().repeated());
      until(() -> pool.stats().executors() == 1);
      raise(args[2], "lost");
      until(() -> pool.stats().executors() == 2);
      raise(args[2], "back");
    }
  }

  /** Waits, until the test's time-out if need be. */
  private static void until(BooleanSupplier holds) throws InterruptedException {
    while (!holds.getAsBoolean()) {
      Thread.sleep(10);
    }
  }

  private static void raise(String folder, String signal) {
    new Signal(Path.of(folder, signal).toString()).raise();
  }
}
