package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tasks that are always ready delay the others by a turn each and starve nothing: whatever is
 * starved here never ends, and the test with it.
 */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FairnessTest {
  private static void besideASpinner(Action<? extends Exception> body) throws Exception {
    Async.run(() -> {
      Async.createTask(() -> {
        while (true) {
          Async.checkpoint();
        }
      });
      body.run();
    });
  }

  @Test
  void timersFire() throws Exception {
    besideASpinner(() -> {
      for (int i = 0; i < 10; i++) {
        Async.sleep(Duration.ofMillis(1));
      }
    });
  }

  @Test
  void deadlinesPass() throws Exception {
    besideASpinner(() ->
        assertThatThrownBy(() ->
                Async.timeout(
                    Duration.ofMillis(5), () -> Async.sleep(Duration.ofSeconds(Long.MAX_VALUE))))
            .isInstanceOf(TimeoutException.class));
  }

  @Test
  void otherThreadsSubmit() throws Exception {
    besideASpinner(() -> {
      var loop = Async.currentLoop();
      assertThat(Async.toThread(() -> loop.submit(() -> "ran").get())).isEqualTo("ran");
    });
  }

  @Test
  void otherThreadsCancel() throws Exception {
    besideASpinner(() -> {
      var spinner =
          Async.createTask(() -> {
            while (true) {
              Async.checkpoint();
            }
          });
      Async.toThread(() -> spinner.cancel());
      assertThat(spinner.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void socketsAreRead() throws Exception {
    besideASpinner(() -> {
      try (var pair = SocketPair.connect()) {
        Async.createTask(() -> {
          for (int i = 0; i < 100; i++) {
            pair.write(i);
          }
        });
        for (int i = 0; i < 100; i++) {
          assertThat(pair.read()).isEqualTo(i);
        }
      }
    });
  }

  @Test
  void jdkWaitsEnd() throws Exception {
    besideASpinner(() -> {
      Thread.sleep(1);
      var queue = new LinkedBlockingQueue<String>();
      Async.createTask(() -> queue.put("from a task"));
      queue.take();
      Thread.ofPlatform().start(() -> queue.add("from a thread"));
      queue.take();
    });
  }

  @Test
  void aTaskThatYieldsForEverIsASpinnerToo() throws Exception {
    Async.run(() -> {
      Async.createTask(() -> {
        while (!Thread.currentThread().isInterrupted()) {
          Thread.yield();
        }
      });
      Async.sleep(Duration.ofMillis(5));
      Thread.sleep(1);
    });
  }

  @Test
  void tasksThatCreateTasksForEverStarveNobody() throws Exception {
    Async.run(() -> {
      createNext();
      Async.sleep(Duration.ofMillis(5));
      Thread.sleep(1);
    });
  }

  private static void createNext() {
    Async.createTask(FairnessTest::createNext);
  }

  @Test
  void callbacksThatExecuteCallbacksStarveNobody() throws Exception {
    var stop = new CountDownLatch(1);
    Async.run(() -> {
      var loop = Async.currentLoop();
      loop.execute(
          new Runnable() {
            @Override
            public void run() {
              if (stop.getCount() > 0) {
                loop.execute(this);
              }
            }
          });
      Async.sleep(Duration.ofMillis(5));
      Thread.sleep(1);
      stop.countDown();
    });
  }

  @Test
  void spinnersTakeTurns() {
    var turns = new int[3];
    Async.run(() -> {
      for (int i = 0; i < turns.length; i++) {
        int own = i;
        Async.createTask(() -> {
          while (true) {
            turns[own]++;
            Async.checkpoint();
          }
        });
      }
      for (int i = 0; i < 1000; i++) {
        Async.checkpoint();
      }
    });
    assertThat(turns).containsOnly(turns[0]);
    assertThat(turns[0]).isGreaterThan(900);
  }
}
