package dev.segue.cluster.faults;

import dev.segue.cluster.SparkExecutor;
import dev.segue.process.faults.Await;
import java.util.ArrayList;
import java.util.concurrent.Future;

/** A program with a cluster on other hosts, one of which is cut off and connected again. */
final class HostProgram {
  private static final int TASKS = 400;

  private HostProgram() {}

  /**
   * Runs the program.
   *
   * @param args the addresses of the master and of this host
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
      Await.until(
          "both run, and some tasks have",
          () -> pool.stats().executors() == 2 && pool.stats().succeeded() > TASKS / 10);
      System.out.println("begun");
      for (int i = 0; i < TASKS; i++) {
        int n = Await.result(futures.get(i));
        if (n != i) {
          throw new AssertionError(i + " is " + n);
        }
      }
      endings.assertOnceEach();
      System.out.println("right " + TASKS + ", of which again " + pool.stats().repeated());
      Await.until("one is lost", () -> pool.stats().executors() == 1);
      System.out.println("lost");
      Await.until("one has come back", () -> pool.stats().executors() == 2);
      System.out.println("back " + Await.result(pool.submit(() -> 1)));
    }
  }
}
