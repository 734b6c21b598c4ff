package dev.segue.snippets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncBarrier;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.AsyncSemaphore;
import dev.segue.Body;
import dev.segue.CancelScope;
import dev.segue.EventLoop;
import dev.segue.Outcome;
import dev.segue.Task;
import dev.segue.TaskGroup;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of the Javadoc, which takes them from here: each compiles and runs. */
@Timeout(60)
class SnippetsTest {
  private static String download(String page) {
    Async.sleep(Duration.ofMillis(1));
    return page + " loaded";
  }

  @Test
  void async() {
    // @start region="async"
    Async.run(() -> {
      Task<String> page = Async.createTask(() -> download("a")); // runs beside this task
      Async.sleep(Duration.ofMillis(20)); // only this task sleeps
      System.out.println(page.await());
    });
    // @end
  }

  @Test
  void embedded() throws Exception {
    // @start region="embedded"
    try (var loop = EventLoop.builder().name("pages").start()) {
      Task<String> page = loop.submit(() -> download("a")); // from any thread
      System.out.println(page.get());
    }
    // @end
  }

  @Test
  void executor() throws Exception {
    // @start region="executor"
    try (var loop = EventLoop.builder().name("handlers").start();
        var executor = loop.asExecutorService()) {
      var cleaning = executor.scheduleAtFixedRate(() -> download("news"), 0, 1, TimeUnit.MINUTES);
      var pages = executor.invokeAll(List.of(() -> download("a"), () -> download("b")));
      // @end
      assertThat(pages).allMatch(Future::isDone);
      assertThat(cleaning.isDone()).isFalse();
    }
  }

  @Test
  void readAhead() throws Exception {
    Async.run(() -> {
      // @start region="readAhead"
      var process = new ProcessBuilder("echo", "hello").start();
      var output = Async.readAhead(process.getInputStream());
      try (var lines = new BufferedReader(new InputStreamReader(output, UTF_8))) {
        String line = lines.readLine(); // the other tasks run meanwhile
        // @end
        assertThat(line).isEqualTo("hello");
      }
    });
  }

  @Test
  void scope() {
    Async.run(() -> {
      // @start region="scope"
      var scope = CancelScope.within(Duration.ofSeconds(2));
      boolean finished = scope.run(() -> download("a")); // false: the two seconds were up
      // @end
      assertThat(finished).isTrue();
    });
  }

  @Test
  void group() {
    Async.run(() -> {
      // @start region="group"
      TaskGroup.run(group -> {
        group.spawn(() -> download("a"));
        group.spawn(() -> download("b"));
      }); // both have ended here
      // @end
    });
  }

  @Test
  void gather() {
    Async.run(() -> {
      // @start region="gather"
      List<String> pages = Async.gather(() -> download("a"), () -> download("b"));
      // @end
      assertThat(pages).containsExactly("a loaded", "b loaded");
    });
  }

  @Test
  void any() {
    Async.run(() -> {
      // @start region="any"
      String page = Async.any(() -> download("mirror 1"), () -> download("mirror 2"));
      // @end
      assertThat(page).endsWith("loaded");
    });
  }

  @Test
  void timeout() {
    Async.run(() -> {
      // @start region="timeout"
      try {
        Async.timeout(Duration.ofMillis(20), () -> Async.sleep(Duration.ofMinutes(1)));
      } catch (TimeoutException e) {
        System.out.println(e.getMessage()); // not finished within PT0.02S
      }
      // @end
    });
  }

  @Test
  void outcome() {
    Async.run(() -> {
      Task<String> task = Async.createTask(() -> download("a"));
      // @start region="outcome"
      String text =
          switch (task.outcome()) {
            case Outcome.Success<String>(var page) -> page;
            case Outcome.Failure<String>(var cause) -> "failed: " + cause;
            case Outcome.Cancellation<String>(var cancelled) -> cancelled.reason();
          };
      // @end
      assertThat(text).isEqualTo("a loaded");
    });
  }

  @Test
  void shield() {
    Async.run(() -> {
      var task =
          Async.createTask(() -> {
            // @start region="shield"
            try {
              download("a");
            } finally {
              Async.shield(() -> download("goodbye")); // waits, although it is cancelled
            }
            // @end
          });
      Async.checkpoint();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  private int stock = 1;

  @Test
  void lock() {
    Async.run(() -> {
      // @start region="lock"
      var lock = new AsyncLock();
      try (var _ = lock.acquire()) {
        int read = stock;
        download("orders"); // others run here, but none that needs the lock
        stock = read - 1;
      }
      // @end
      assertThat(stock).isZero();
    });
  }

  @Test
  void condition() {
    Async.run(() -> {
      // @start region="condition"
      var lock = new AsyncLock();
      var delivered = lock.newCondition();
      Async.createTask(() -> {
        try (var _ = lock.acquire()) {
          stock++;
          delivered.signal();
        }
      });
      try (var _ = lock.acquire()) {
        while (stock < 2) {
          delivered.await();
        }
        stock -= 2;
      }
      // @end
      assertThat(stock).isZero();
    });
  }

  @Test
  void event() {
    Async.run(() -> {
      // @start region="event"
      var ready = new AsyncEvent();
      Async.createTask(() -> {
        download("settings");
        ready.set();
      });
      ready.await();
      // @end
      assertThat(ready.isSet()).isTrue();
    });
  }

  @Test
  void semaphore() {
    // @start region="semaphore"
    var limit = AsyncSemaphore.bounded(2);
    Body<String, RuntimeException> polite =
        () -> {
          try (var _ = limit.acquire()) {
            return download("a"); // two at a time
          }
        };
    // @end
    var pages = Async.run(() -> Async.gather(polite::call, polite::call, polite::call));
    assertThat(pages).hasSize(3);
  }

  @Test
  void barrier() {
    Async.run(() -> {
      // @start region="barrier"
      var halfTime = new AsyncBarrier(2);
      Action<RuntimeException> player =
          () -> {
            download("first half");
            if (halfTime.await() == 0) {
              System.out.println("I was here first");
            }
            download("second half");
          };
      Async.gather(player, player);
      // @end
    });
  }

  @Test
  void queue() {
    Async.run(() -> {
      // @start region="queue"
      AsyncQueue<String> pages = AsyncQueue.fifo(10);
      var worker =
          Async.createTask(() -> {
            while (true) {
              download(pages.take());
              pages.taskDone();
            }
          });
      pages.put("a");
      pages.put("b");
      pages.join(); // both are loaded
      worker.cancel();
      // @end
      assertThat(pages.size()).isZero();
    });
  }
}
