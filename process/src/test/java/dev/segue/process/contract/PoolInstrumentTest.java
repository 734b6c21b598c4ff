package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.PoolInstrument;
import dev.segue.process.ProcessPoolExecutor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolInstrumentTest {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Semaphore ends = new Semaphore(0);

  private final class Log implements PoolInstrument {
    @Override
    public void submitted(long task, String name, long bytes) {
      told.add("submitted " + task + " " + name);
    }

    @Override
    public void given(long task, String worker, long pid) {
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
  void itIsToldHowLargeATaskIsAndWhichProcessHasIt() throws Exception {
    var size = new CompletableFuture<Long>();
    var process = new CompletableFuture<Long>();
    var looks =
        new PoolInstrument() {
          @Override
          public void submitted(long task, String name, long bytes) {
            size.complete(bytes);
          }

          @Override
          public void given(long task, String worker, long pid) {
            process.complete(pid);
          }
        };
    var sent = new byte[10_000];
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).instrument(looks).build()) {
      long pid = pool.submit(() -> sent.length == 0 ? 0 : ProcessHandle.current().pid()).get();
      assertThat(process.join()).isEqualTo(pid);
    }
    assertThat(size.join()).isBetween(10_000L, 11_000L);
  }

  @Test
  void aPoolThatRunsAlreadyTellsAnInstrumentOfAllPoolsUntilThatIsRemoved() throws Exception {
    var pools = new CopyOnWriteArrayList<String>();
    Function<String, PoolInstrument> factory =
        name -> {
          pools.add(name);
          return new Log();
        };
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).build()) {
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      PoolInstrument.addToAll(factory);
      try {
        for (int task = 2; task <= 3; task++) {
          assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
          ends.acquire();
        }
      } finally {
        PoolInstrument.removeFromAll(factory);
      }
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      assertThat(pool.toString()).startsWith(pools.getFirst() + " ");
    }
    assertThat(pools).hasSize(1);
    assertThat(told)
        .contains("submitted 2 task-2", "given 2", "ended 2 SUCCESS", "submitted 3 task-3")
        .doesNotContain("submitted 4 task-4", "gone");
  }

  @Test
  void aFaultyFactoryDoesNotStopAPool() throws Exception {
    Function<String, PoolInstrument> faulty =
        _ -> {
          throw new IllegalStateException("a faulty tool");
        };
    PoolInstrument.addToAll(faulty);
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).build()) {
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    } finally {
      PoolInstrument.removeFromAll(faulty);
    }
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
