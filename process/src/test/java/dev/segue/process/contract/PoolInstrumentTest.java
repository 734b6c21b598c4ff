package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.PoolInstrument;
import dev.segue.process.ProcessPoolExecutor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolInstrumentTest {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Semaphore ends = new Semaphore(0);

  private final class Log implements PoolInstrument {
    @Override
    public void submitted(long task, String name) {
      told.add("submitted " + task + " " + name);
    }

    @Override
    public void given(long task, String worker) {
      told.add("given " + task);
    }

    @Override
    public void ended(long task, Future.State how) {
      told.add("ended " + task + " " + how);
      ends.release();
    }

    @Override
    public void workerStarted(String worker) {
      told.add("started");
    }

    @Override
    public void workerEnded(String worker) {
      told.add("gone");
      throw new IllegalStateException("a faulty tool");
    }
  }

  @Test
  void itIsToldOfTasksAndWorkers() throws Exception {
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).instrument(new Log()).build()) {
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      ends.acquire(); // a future may have its result a moment before
      var failing =
          pool.submit(() -> {
            throw new IllegalStateException("no");
          });
      assertThatThrownBy(failing::get).hasRootCauseMessage("no");
    }
    assertThat(told)
        .containsExactly(
            "started",
            "submitted 1 task-1",
            "given 1",
            "ended 1 SUCCESS",
            "submitted 2 task-2",
            "given 2",
            "ended 2 FAILED",
            "gone");
  }

  @Test
  void aTaskThatIsCancelledEndsAtOnce() {
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).instrument(new Log()).build()) {
      var task =
          pool.submit(() -> {
            Thread.sleep(60_000);
            return 1;
          });
      task.cancel(true);
      assertThat(told).contains("ended 1 CANCELLED");
    }
    assertThat(told.getLast()).isEqualTo("gone");
  }
}
