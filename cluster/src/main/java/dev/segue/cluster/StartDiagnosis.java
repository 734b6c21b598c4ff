package dev.segue.cluster;

import dev.segue.futures.internal.Failures;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a cluster gives no executor, which Spark itself does not tell, or only after a
 * minute.
 */
final class StartDiagnosis {
  /** How long a master may take to answer, when something is known to be wrong. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How long a master may take that is perhaps only busy: as long as Spark gives one itself. */
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(20);

  private StartDiagnosis() {}

  /**
   * Asks the master of a standalone cluster, before a context is made: Spark tries for a minute and
   * then tells no reason. Does nothing with another cluster.
   *
   * @param configuration with the master, and what there is about security
   * @throws IllegalStateException if none answers in time; says why, and what to do
   */
  static void check(SparkConf configuration, Duration timeout) {
    var masters = MasterState.addresses(configuration.get("spark.master", ""));
    if (!masters.isEmpty()) {
      var answer = ask(masters, configuration, shorter(timeout, FIRST_PATIENCE));
      if (answer.state() == null) {
        throw new IllegalStateException(answer.failure());
      }
    }
  }

  /** Says why a context has no executor. Blocks for some seconds at most. */
  static String reason(SparkContext context) {
    var masters = MasterState.addresses(context.master());
    if (masters.isEmpty()) {
      return ofOtherCluster(context);
    }
    var answer = ask(masters, context.getConf(), PATIENCE);
    return answer.state() == null
        ? answer.failure()
        : ofState(answer.state(), context.applicationId(), context);
  }

  private static String ofOtherCluster(SparkContext context) {
    var application = context.applicationId();
    if (context.master().startsWith("k8s:")) {
      return "see `kubectl get pods -l spark-app-selector="
          + application
          + "` and `kubectl describe` for its pods: the image may be missing, or what they request";
    }
    if (context.master().equals("yarn")) {
      return "see `yarn application -status "
          + application
          + "`: the queue may have no room for a container of that size";
    }
    return context.master() + " has given none";
  }

  private static String ofState(
      MasterStateResponse state, String application, SparkContext context) {
    var workers = new ArrayList<WorkerInfo>();
    for (var worker : state.workers()) {
      if (worker.isAlive()) {
        workers.add(worker);
      }
    }
    if (workers.isEmpty()) {
      return "the master at "
          + context.master()
          + " has no worker: start one with `sbin/start-worker.sh "
          + context.master()
          + "`";
    }
    var tooSmall = tooSmall(workers, context);
    if (tooSmall != null) {
      return tooSmall;
    }
    var tail = ExecutorLogs.ofApplication(workers, application);
    if (!tail.isEmpty()) {
      return "executors start and end before they can work; the standard error of one ends with:\n  "
          + String.join("\n  ", tail);
    }
    return knows(state, application)
        ? ofBusyWorkers(state, application)
        : "the master at "
            + context.master()
            + " does not know this application: it has been started anew, and without"
            + " spark.deploy.recoveryMode it has forgotten all. Build a new executor";
  }

  private static boolean knows(MasterStateResponse state, String application) {
    return Stream.of(state.activeApps(), state.completedApps())
        .flatMap(Arrays::stream)
        .anyMatch(known -> known.id().equals(application));
  }

  private static @Nullable String tooSmall(List<WorkerInfo> workers, SparkContext context) {
    int mib = context.executorMemory();
    int cores = context.getConf().getInt("spark.executor.cores", 1);
    var sizes = new ArrayList<String>();
    for (var worker : workers) {
      if (worker.memory() >= mib && worker.cores() >= cores) {
        return null;
      }
      sizes.add(worker.memory() + " MiB and " + cores(worker.cores()));
    }
    return "an executor needs "
        + mib
        + " MiB (spark.executor.memory) and "
        + cores(cores)
        + " (spark.executor.cores), and no worker has both; there is one with "
        + String.join(", one with ", sizes.subList(0, Math.min(3, sizes.size())))
        + (sizes.size() > 3 ? ", and " + (sizes.size() - 3) + " more" : "");
  }

  private static String cores(int n) {
    return n == 1 ? "1 core" : n + " cores";
  }

  private static String ofBusyWorkers(MasterStateResponse state, String application) {
    var others = new ArrayList<String>();
    for (var each : state.activeApps()) {
      if (!each.id().equals(application)) {
        others.add(each.desc().name() + " (" + each.id() + ")");
      }
    }
    return others.isEmpty()
        ? "the workers are large enough for an executor, and the master has started none: see its log"
        : "other applications may have all that the workers have: " + String.join(", ", others);
  }

  // Asking.

  /** What a master knows, or why none has answered. */
  private record Answer(@Nullable MasterStateResponse state, String failure) {}

  private static Answer ask(List<RpcAddress> masters, SparkConf configuration, Duration timeout) {
    var failures = new ArrayList<String>();
    for (var master : masters) {
      var unreachable = unreachable(master, timeout);
      if (unreachable != null) {
        failures.add(unreachable);
        continue;
      }
      var limited =
          configuration
              .clone()
              .set("spark.rpc.askTimeout", timeout.toMillis() + "ms")
              .set("spark.rpc.lookupTimeout", timeout.toMillis() + "ms")
              .set("spark.rpc.numRetries", "1");
      RpcEnv rpc;
      try {
        rpc = MasterState.client(limited);
      } catch (Throwable t) {
        return new Answer(null, "Spark refuses its configuration: " + Failures.describe(t));
      }
      try {
        return new Answer(MasterState.ask(rpc, master), "");
      } catch (Throwable t) {
        if (t instanceof InterruptedException) { // Scala does not declare it
          Thread.currentThread().interrupt();
        }
        failures.add(refused(master, configuration, t));
      } finally {
        rpc.shutdown();
      }
    }
    return new Answer(null, String.join("; ", failures));
  }

  /** Says why no connection can be made; null if one can. */
  private static @Nullable String unreachable(RpcAddress master, Duration timeout) {
    var address = new InetSocketAddress(master.host(), master.port());
    try (var socket = new Socket()) {
      socket.connect(address, (int) Math.max(1, timeout.toMillis()));
      return null;
    } catch (UnknownHostException _) {
      return "there is no host " + master.host() + ", of the master " + master.toSparkURL();
    } catch (ConnectException e) {
      return "no master listens at "
          + master.toSparkURL()
          + " ("
          + e.getMessage()
          + "): start one with `sbin/start-master.sh`, or correct master()";
    } catch (SocketTimeoutException _) {
      return "the master at "
          + master.toSparkURL()
          + " does not answer within "
          + timeout.toMillis()
          + " ms"
          + ": a firewall or the network may be in between";
    } catch (IOException e) {
      return "the master at " + master.toSparkURL() + " cannot be reached: " + e;
    }
  }

  /** Says why a master that can be reached does not answer, which it does not tell itself. */
  private static String refused(RpcAddress master, SparkConf configuration, Throwable why) {
    var root = why;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return "the master at "
        + master.toSparkURL()
        + (root instanceof TimeoutException
            ? " takes the connection and does not answer"
            : " refuses this program (" + firstLine(Failures.describe(root)) + ")")
        + ": compare what both have for spark.authenticate ("
        + configuration.get("spark.authenticate", "false")
        + " here) and its secret, for spark.network.crypto.enabled ("
        + configuration.get("spark.network.crypto.enabled", "false")
        + " here) and spark.ssl.rpc.enabled ("
        + configuration.get("spark.ssl.rpc.enabled", "false")
        + " here), and Spark's version ("
        + package$.MODULE$.SPARK_VERSION()
        + " here)";
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
