package dev.segue.cluster.faults;

import dev.segue.cluster.LocalCluster;
import dev.segue.cluster.SparkExecutor;
import dev.segue.process.contract.Signal;
import java.nio.file.Path;

/** A program whose tasks run for ever. It prints which process runs one of them, and is killed. */
final class DriverProgram {
  private DriverProgram() {}

  /**
   * Runs the program.
   *
   * @param args a folder, and the address of a cluster if it is not to start one
   */
  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    var master = args.length > 1 ? args[1] : LocalCluster.builder().workers(1).start().master();
    var pool =
        SparkExecutor.builder()
            .master(master)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.executor.memory", "512m")
            .config("spark.executor.cores", "1")
            .config("spark.cores.max", "1")
            .build();
    var begun = new Signal(folder.resolve("begun").toString());
    var never = new Signal(folder.resolve("never").toString());
    var running = pool.submit(() -> Bodies.holdUntil(begun, never));
    var waiting = pool.submit(Bodies::pid);
    System.out.println("executor " + Bodies.pidOf(begun));
    running.get();
    waiting.get();
  }
}
