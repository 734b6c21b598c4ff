package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StartDiagnosisTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @BeforeAll
  static void endOthers() {
    TestContext.stop();
  }

  private static SparkConf at(String master) {
    return new SparkConf().setMaster(master).setAppName("tests").set("spark.ui.enabled", "false");
  }

  private static void check(SparkConf configuration) {
    StartDiagnosis.check(configuration, PATIENCE);
  }

  @Test
  void masterThatIsNotThereIsTold() {
    assertThatThrownBy(() -> check(at("spark://127.0.0.1:1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("no master listens at spark://127.0.0.1:1 (Connection refused)");
    assertThatThrownBy(() -> check(at("spark://no-host.invalid:7077")))
        .hasMessage("there is no host no-host.invalid, of the master spark://no-host.invalid:7077");
  }

  @Test
  void masterThatDoesNotAnswerIsTold() throws Exception {
    try (var silent = new ServerSocket(0)) {
      var master = "spark://127.0.0.1:" + silent.getLocalPort();
      assertThatThrownBy(() -> StartDiagnosis.check(at(master), Duration.ofMillis(300)))
          .hasMessageStartingWith(
              "the master at " + master + " takes the connection and does not answer: compare");
    }
  }

  @Test
  void otherClustersAreNotAsked() {
    assertThatCode(() -> check(at("local[2]"))).doesNotThrowAnyException();
    assertThatCode(() -> check(at("yarn"))).doesNotThrowAnyException();
  }

  @Test
  void masterWithAnotherSecretIsTold() {
    try (var cluster =
        LocalCluster.builder()
            .workers(0)
            .config("spark.authenticate", "true")
            .config("spark.authenticate.secret", "right")
            .start()) {
      var right = at(cluster.master()).set("spark.authenticate", "true");
      right.set("spark.authenticate.secret", "right");
      check(right);
      assertThatThrownBy(() -> check(right.clone().set("spark.authenticate.secret", "wrong")))
          .hasMessageStartingWith("the master at " + cluster.master() + " refuses this program (")
          .hasMessageContaining("spark.authenticate (true here) and its secret");
      assertThatThrownBy(() -> check(at(cluster.master())))
          .hasMessageContaining(" refuses this program (")
          .hasMessageContaining("spark.authenticate (false here)");
      assertThatThrownBy(() -> check(right.clone().set("spark.ssl.rpc.enabled", "true")))
          .hasMessageStartingWith("Spark refuses its configuration: ");
      assertThat(reason(right)).startsWith("the master at " + cluster.master() + " has no worker");
    }
  }

  @Test
  void masterThatHasForgottenTheApplicationIsTold() {
    try (var cluster = LocalCluster.builder().workers(0).start()) {
      var context = new SparkContext(at(cluster.master()));
      try {
        cluster.masterProcess().destroyForcibly();
        cluster.masterProcess().onExit().join();
        cluster.restartMaster();
        cluster.addWorker();
        assertThat(StartDiagnosis.reason(context))
            .isEqualTo(
                "the master at "
                    + cluster.master()
                    + " does not know this application: it has been started anew, and without"
                    + " spark.deploy.recoveryMode it has forgotten all. Build a new executor");
      } finally {
        context.stop();
      }
    }
  }

  private static String reason(SparkConf configuration) {
    var context = new SparkContext(configuration);
    try {
      return StartDiagnosis.reason(context);
    } finally {
      context.stop();
    }
  }

  @Test
  void executorThatIsTooLargeIsTold() {
    var configuration = SharedCluster.configuration(SharedCluster.get());
    assertThat(reason(configuration.clone().set("spark.executor.memory", "64g")))
        .isEqualTo(
            "an executor needs 65536 MiB (spark.executor.memory) and 1 core"
                + " (spark.executor.cores), and no worker has both; there is one with 2048 MiB and"
                + " 2 cores, one with 2048 MiB and 2 cores");
    assertThat(reason(configuration.clone().set("spark.executor.cores", "3")))
        .startsWith("an executor needs 512 MiB (spark.executor.memory) and 3 cores");
  }

  @Test
  void executorsThatEndAtOnceAreToldWithWhatTheyPrint() throws Exception {
    var configuration =
        SharedCluster.configuration(SharedCluster.get())
            .set("spark.executor.extraJavaOptions", "-javaagent:/none.jar");
    var context = new SparkContext(configuration);
    try {
      var reason = StartDiagnosis.reason(context);
      for (int i = 0; i < 200 && !reason.contains("none.jar"); i++) {
        Thread.sleep(100);
        reason = StartDiagnosis.reason(context);
      }
      assertThat(reason)
          .startsWith("executors start and end before they can work; the standard error of one")
          .contains("/none.jar");
    } finally {
      context.stop();
    }
  }

  @Test
  void logsThatNoWorkerHasAreNotRead() {
    assertThat(ExecutorLogs.lastLines(Map.of())).isEqualTo(List.of());
    assertThat(ExecutorLogs.lastLines(Map.of("stderr", "http://host/node/containerlogs")))
        .isEqualTo(List.of());
    assertThat(ExecutorLogs.lastLines(Map.of("stderr", "http://127.0.0.1:1/logPage/?appId=x")))
        .isEqualTo(List.of());
  }
}
