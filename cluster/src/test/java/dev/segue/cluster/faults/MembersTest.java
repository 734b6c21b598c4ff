package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.cluster.Attempt;
import dev.segue.process.faults.Await;
import dev.segue.process.faults.Processes;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers, masters and executors that are killed or stopped. */
class MembersTest extends OwnCluster {
  /** Has Spark notice within seconds that an executor does not answer. */
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "spark.network.timeout", "10s",
          "spark.network.timeoutInterval", "1s",
          "spark.executor.heartbeatInterval", "1s");

  @Test
  void aWorkerKilledLosesNothing() throws Exception {
    start(Map.of(), Map.of());
    var executors = awaitBoth();
    var numbers = numbers(200);
    Await.until("some have run", () -> pool.stats().succeeded() > 20);

    Processes.kill(cluster.workerPids().getFirst());

    assertRight(numbers);
    endings.assertOnceEach();
    Await.until("its executor has ended", () -> Processes.alive(executors).size() == 1);
  }

  @Test
  void allWorkersKilledTheTasksRunOnOneThatIsAdded() throws Exception {
    start(Map.of(), Map.of());
    var executors = awaitBoth();
    var numbers = numbers(100);
    Await.until("some have run", () -> pool.stats().succeeded() > 20);

    cluster.workerPids().forEach(Processes::kill);
    Await.until("their executors have ended", () -> Processes.alive(executors).isEmpty());
    cluster.addWorker();

    assertRight(numbers);
    endings.assertOnceEach();
  }

  @Test
  void withoutAMasterTheExecutorsGoOn() throws Exception {
    start(Map.of(), Map.of());
    awaitBoth();
    var numbers = numbers(200);
    Await.until("some have run", () -> pool.stats().succeeded() > 20);

    Processes.kill(cluster.masterPid());

    assertRight(numbers);
    assertRight(numbers(50));
    endings.assertOnceEach();
  }

  @Test
  void aMasterThatIsStartedAgainKnowsWhatItHasWritten() throws Exception {
    start(
        Map.of(
            "spark.deploy.recoveryMode",
            "FILESYSTEM",
            "spark.deploy.recoveryDirectory",
            folder.toString()),
        Map.of());
    var executors = awaitBoth();
    var numbers = numbers(200);
    Await.until("some have run", () -> pool.stats().succeeded() > 20);

    Processes.kill(cluster.masterPid());
    assertRight(numbers(20));
    cluster.restartMaster();

    assertRight(numbers);
    executors.forEach(Processes::kill);
    assertRight(numbers(20)); // on new ones, which only a master can give
    endings.assertOnceEach();
  }

  @Test
  void aWorkerThatIsStoppedLosesNothing() throws Exception {
    start(Map.of("spark.worker.timeout", "5"), Map.of());
    awaitBoth();
    var numbers = numbers(200);
    Await.until("some have run", () -> pool.stats().succeeded() > 20);

    long worker = cluster.workerPids().getFirst();
    stop(worker);
    Await.until("the master has dropped it", () -> pool.stats().executors() == 1);

    assertRight(numbers);
    assertRight(numbers(50));
    resume(worker);
    Await.until("it is back", () -> pool.stats().executors() == 2);
    assertRight(numbers(50));
    endings.assertOnceEach();
  }

  @Test
  void anExecutorThatIsStoppedIsReplaced() throws Exception {
    start(Map.of(), IMPATIENT);
    awaitBoth();
    var begun = signal();
    var never = signal();
    var victim =
        endings.watch(
            pool.submit(() -> {
              int attempt = Attempt.current().orElseThrow().number();
              return attempt > 0 ? attempt : Bodies.holdUntil(begun, never);
            }));
    long pid = Bodies.pidOf(begun);

    stop(pid);

    assertThat(Await.result(victim)).isEqualTo(1);
    Await.until("it has been killed", () -> !Processes.isAlive(pid));
    assertRight(numbers(50));
    endings.assertOnceEach();
  }
}
