package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.WorkerLostException;
import dev.segue.process.ProcessPoolExecutor;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools that are shut down or killed while they have much to do. */
@Timeout(180)
class ShutdownTest extends WithPools {
  @Test
  void killedWhileBusyRunningTasksAreLostAndWaitingOnesCancelled() throws Exception {
    var pool = pool(2);
    var running = List.of(hang(pool, "one"), hang(pool, "other"));
    var waiting = submitMany(pool);
    var pids = pids(pool);

    pool.killWorkers();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.alive(pids)).isEmpty();
    for (var future : running) {
      assertThat(Await.failure(future)).isInstanceOf(WorkerLostException.class);
    }
    assertThat(waiting).allMatch(Future::isCancelled);
  }

  @Test
  void killedWhileItsWorkersStartAllFuturesEnd() throws Exception {
    var pool = pool(2);
    var waiting = submitMany(pool);
    awaitWorker(pool, "starting");
    var pids = pids(pool);

    pool.killWorkers();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.alive(pids)).isEmpty();
    assertThat(waiting).allMatch(Future::isDone);
  }

  @Test
  void killedBeforeAnyProcessIsThereNoneComes() throws Exception {
    var pool = pool(2);
    var waiting = submitMany(pool);

    pool.killWorkers();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(waiting).allMatch(Future::isDone);
    assertThat(pool.workers()).isEmpty();
  }

  @Test
  void shutDownNowWhileBusyAllFuturesEndOrAreReturned() throws Exception {
    var pool = pool(quiet(2).cancelGrace(Duration.ofMillis(100)));
    var running = List.of(hang(pool, "one"), hang(pool, "other"));
    var waiting = submitMany(pool);
    var pids = pids(pool);

    var returned = pool.shutdownNow();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.alive(pids)).isEmpty();
    assertThat(running).allMatch(Future::isDone);
    assertThat(new HashSet<Object>(returned)).isEqualTo(new HashSet<Object>(waiting));
    assertThat(waiting).noneMatch(Future::isDone);
    returned.forEach(Runnable::run);
    assertThat(waiting).allMatch(future -> future.state() == Future.State.SUCCESS);
  }

  @Test
  void shutDownNowWhileItsWorkersStartAllTasksAreReturned() throws Exception {
    var pool = pool(2);
    var waiting = submitMany(pool);
    awaitWorker(pool, "starting");
    var pids = pids(pool);

    var returned = pool.shutdownNow();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.alive(pids)).isEmpty();
    var ended = waiting.stream().filter(Future::isDone).count();
    assertThat(ended + returned.size()).isEqualTo(waiting.size());
  }

  @Test
  void shutDownTasksStillRun() throws Exception {
    var pool = pool(2);
    var waiting = submitMany(pool);

    pool.close();

    assertThat(waiting).allMatch(future -> future.state() == Future.State.SUCCESS);
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void shutDownItStillReplacesAWorkerThatATaskNeeds() throws Exception {
    var pool = pool(1);
    var victim = pool.submit(named("victim"), TaskBodies::sleepForEver);
    var waiting = pool.submit(() -> 5);
    long pid = awaitRunning(pool, "victim").pid();

    pool.shutdown();
    Processes.kill(pid);

    assertThat(Await.failure(victim)).isInstanceOf(WorkerLostException.class);
    assertThat(Await.result(waiting)).isEqualTo(5);
    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  private static Future<?> hang(ProcessPoolExecutor pool, String name) {
    var future = pool.submit(named(name), TaskBodies::ignoreInterrupts);
    awaitRunning(pool, name);
    return future;
  }

  private static List<Future<Integer>> submitMany(ProcessPoolExecutor pool) {
    var futures = new ArrayList<Future<Integer>>();
    for (int i = 0; i < 100; i++) {
      int n = i;
      futures.add(pool.submit(() -> n));
    }
    return futures;
  }

  private static List<Long> pids(ProcessPoolExecutor pool) {
    return pool.workers().stream().map(WorkerInfo::pid).filter(pid -> pid > 0).toList();
  }
}
