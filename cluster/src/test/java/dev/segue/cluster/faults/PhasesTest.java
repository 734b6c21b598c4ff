package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.cluster.SparkExecutor;
import dev.segue.cluster.TestContext;
import dev.segue.process.contract.Blocker;
import dev.segue.process.contract.Signal;
import dev.segue.process.faults.Await;
import dev.segue.process.faults.Processes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Tasks that are cancelled, returned or lost, wherever they are by then. */
class PhasesTest extends OnCluster {
  /** Where a task is. */
  private enum Phase {
    /** The pool has it. */
    QUEUED,
    /** Spark has it, and no free core for it. */
    GIVEN,
    /** It has been sent to an executor, which is stopped. */
    SENT,
    RUNNING,
    /** The executor encodes its result. */
    RETURNING,
    /** The driver decodes its result. */
    ARRIVED
  }

  private final List<Blocker> blockers = new ArrayList<>();
  private final List<Long> stopped = new ArrayList<>();
  private SparkExecutor own;
  private Signal begun;
  private Signal release;

  PhasesTest() {
    super(1);
  }

  @BeforeEach
  void makeSignals() {
    begun = signal();
    release = signal();
  }

  @AfterEach
  void endAll() {
    letGo();
    own.close();
  }

  private void letGo() {
    stopped.forEach(Processes::resume);
    stopped.clear();
    blockers.forEach(blocker -> blocker.release().raise());
    release.raise();
  }

  /** Submits a task, and waits until it has got that far. */
  private Future<?> submit(Phase phase) throws Exception {
    var began = begun; // which a task can take along
    var may = release;
    own = TestContext.slots(another(), phase == Phase.QUEUED ? 2 : 64).build();
    Future<?> submitted =
        switch (phase) {
          case QUEUED -> {
            occupyAll();
            var future = own.submit(Bodies::pid);
            Await.until("one waits", () -> own.stats().queued() == 1);
            yield future;
          }
          case GIVEN -> {
            occupyAll();
            var future = own.submit(Bodies::pid);
            Await.until("Spark has three", () -> own.stats().running() == 3);
            yield future;
          }
          case SENT -> {
            stopAll();
            var future = own.submit(Bodies::pid);
            Await.until("it is on its way", () -> own.stats().sparkTasks() == 2);
            yield future;
          }
          case RUNNING -> await(own.submit(() -> Bodies.holdUntil(began, may)));
          case RETURNING -> await(own.submit(() -> new Slow(began, may, true)));
          case ARRIVED -> await(own.submit(() -> new Slow(began, may, false)));
        };
    return endings.watch(submitted);
  }

  private Future<?> await(Future<?> future) throws InterruptedException {
    begun.await();
    return future;
  }

  /** Has a task run on each core. */
  private void occupyAll() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      var blocker = blocker();
      blockers.add(blocker);
      own.execute(blocker.asRunnable());
      blocker.begun().await();
    }
  }

  private void stopAll() throws Exception {
    var idle = Await.result(own.submit(Bodies::pid));
    assertThat(cluster.executorPids()).contains(idle);
    for (long pid : cluster.executorPids()) {
      Processes.stop(pid);
      stopped.add(pid);
    }
  }

  /** A result that takes its time to be written, or to be read. */
  private static final class Slow implements Serializable {
    private final Signal begun;
    private final Signal release;
    private final boolean whenWritten;

    Slow(Signal begun, Signal release, boolean whenWritten) {
      this.begun = begun;
      this.release = release;
      this.whenWritten = whenWritten;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      if (whenWritten) {
        hold();
      }
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (!whenWritten) {
        hold();
      }
    }

    private void hold() throws IOException {
      Bodies.begin(begun);
      try {
        release.await();
      } catch (InterruptedException _) {
        throw new InterruptedIOException();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelledItsFutureAndThenItsWorkEnd(Phase phase) throws Exception {
    var future = submit(phase);

    assertThat(future.cancel(true)).isTrue();

    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    if (phase == Phase.SENT || phase == Phase.ARRIVED) {
      letGo();
    }
    awaitEnd(future);
    letGo();
    assertThat(Await.result(own.submit(() -> 5))).isEqualTo(5);
    endings.assertOnceEach();
  }

  @ParameterizedTest
  @EnumSource
  void atShutdownNowItIsReturnedOrInterruptedOrHasItsResult(Phase phase) throws Exception {
    var future = submit(phase);

    var returned = own.shutdownNow();

    switch (phase) {
      case QUEUED, GIVEN -> {
        assertThat(returned).hasSize(1);
        assertThat(future).isNotDone();
        returned.getFirst().run();
        assertThat(future.resultNow()).isEqualTo(Bodies.pid());
      }
      case SENT, RUNNING, RETURNING -> {
        assertThat(returned).isEmpty();
        if (phase == Phase.SENT) {
          letGo();
        }
        assertThat(Await.failure(future)).isInstanceOf(InterruptedException.class);
      }
      case ARRIVED -> {
        assertThat(returned).isEmpty();
        letGo();
        assertThat(Await.result(future)).isInstanceOf(Slow.class);
      }
    }
    assertThat(own.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    endings.assertOnceEach();
  }

  @Tag("long") // as each has to wait for new executors
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"QUEUED", "GIVEN"})
  void itsExecutorKilledItHasItsResult(Phase phase) throws Exception {
    var future = submit(phase);

    cluster.executorPids().forEach(Processes::kill);
    stopped.clear();
    letGo();

    assertThat(Await.result(future)).isNotNull();
    endings.assertOnceEach();
  }
}
