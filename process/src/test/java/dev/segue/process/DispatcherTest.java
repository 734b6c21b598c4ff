package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.internal.TaskQueue;
import dev.segue.process.codec.Dictionary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a pool gives up on starting workers. */
class DispatcherTest {
  private final List<WorkerProcess> started = new ArrayList<>();
  private final Dispatcher dispatcher =
      new Dispatcher(
          new GivenSettings().settings(),
          PoolInstruments.NONE,
          new TaskQueue<>(1, 1, _ -> 1),
          (number, now) -> started(number));

  private WorkerProcess started(long number) {
    var worker = new WorkerProcess("worker-" + number, new Dictionary(), 0);
    started.add(worker);
    return worker;
  }

  private WorkerProcess start() {
    dispatcher.startOne(0);
    return started.getLast();
  }

  private WorkerProcess fail() {
    var worker = start();
    worker.launchFailed("no processes are left");
    dispatcher.remove(worker);
    dispatcher.startFailed(worker, false);
    return worker;
  }

  @Test
  void threeFailedStartsAreEnough() {
    fail();
    fail();
    assertThat(dispatcher.giveUp()).isNull();
    var last = fail();
    assertThat(dispatcher.giveUp()).isSameAs(last);
    assertThat(dispatcher.giveUp()).as("it counts from 0 again").isNull();
  }

  @Test
  void aReadyWorkerIsAsGoodAsNoFailure() {
    fail();
    fail();
    dispatcher.forgetFailedStarts();
    fail();
    assertThat(dispatcher.giveUp()).isNull();
  }

  /** Its last task keeps a worker while those that are to replace it fail. */
  @Test
  void thereIsHopeUntilTheLastWorkerThatMayServeIsGone() {
    var old = start();
    old.ready(0);
    old.retire();
    fail();
    fail();
    var last = fail();
    assertThat(dispatcher.giveUp()).isNull();
    dispatcher.remove(old);
    assertThat(dispatcher.giveUp()).isSameAs(last);
  }
}
