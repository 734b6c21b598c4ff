package dev.segue.cluster;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/**
 * The main class of a process of a {@link LocalCluster}: a master or a worker.
 *
 * <p>It is told what to do on its standard input, so that no secret is on a command line. That
 * input ends when the process that started the cluster does, by {@code SIGKILL} too, and then this
 * process ends with its executors.
 */
final class ClusterMember {
  /** What the master writes first is its port; a worker writes this once it is registered. */
  static final String READY = "ready";

  private ClusterMember() {}

  /**
   * Runs a master or a worker until its standard input ends.
   *
   * @param arguments {@code master} or {@code worker}, and the cluster's folder
   */
  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[1]);
    var in = new DataInputStream(System.in);
    var host = in.readUTF();
    var configuration = configuration(in);
    if (arguments[0].equals("master")) {
      int port = in.readInt();
      endWith(in, folder);
      runMaster(host, port, configuration);
    } else {
      var workFolder = in.readUTF();
      int cores = in.readInt();
      int mib = in.readInt();
      Preloading.ofWorker(host, configuration);
      var master = in.readUTF(); // comes once the master has its port
      endWith(in, folder);
      runWorker(host, master, workFolder, cores, mib, configuration);
    }
  }

  private static SparkConf configuration(DataInputStream in) throws IOException {
    var configuration = new SparkConf();
    for (int left = in.readInt(); left > 0; left--) {
      configuration.set(in.readUTF(), in.readUTF());
    }
    return configuration;
  }

  private static void runMaster(String host, int port, SparkConf configuration) {
    var started = Master.startRpcEnvAndEndpoint(host, port, 0, configuration);
    System.out.println(started._1().address().port());
    started._1().awaitTermination();
  }

  private static void runWorker(
      String host, String master, String workFolder, int cores, int mib, SparkConf configuration)
      throws InterruptedException {
    var rpc =
        Worker.startRpcEnvAndEndpoint(
            host,
            0,
            0,
            cores,
            mib,
            new String[] {master},
            workFolder,
            Option.empty(),
            configuration,
            Option.empty());
    while (!isRegistered(rpc, master)) {
      Thread.sleep(20);
    }
    System.out.println(READY);
    rpc.awaitTermination();
  }

  private static boolean isRegistered(RpcEnv rpc, String master) {
    for (var worker : MasterState.ask(rpc, RpcAddress.fromSparkURL(master)).workers()) {
      if (worker.isAlive() && worker.port() == rpc.address().port()) {
        return true;
      }
    }
    return false;
  }

  /** Ends this process and what it has started when the input ends. */
  private static void endWith(InputStream in, Path folder) {
    Thread.ofPlatform()
        .daemon()
        .name("segue-lifeline")
        .start(() -> {
          try {
            while (in.read() >= 0) {
              // Nothing more is sent.
            }
          } catch (IOException _) {
            // That is its end, too.
          } finally {
            end(folder);
          }
        });
  }

  private static void end(Path folder) {
    try {
      var executors = ProcessHandle.current().descendants().toList();
      executors.forEach(ProcessHandle::destroyForcibly);
      for (var executor : executors) {
        try {
          executor.onExit().get(2, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
          // It has been killed, and the system has more to do first.
        }
      }
      Folders.delete(folder);
    } catch (Throwable t) {
      System.err.println("cannot remove what the cluster leaves: " + t);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }
}
